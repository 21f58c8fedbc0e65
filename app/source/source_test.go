package source

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

func TestCompressionIsRecognisedByContent(t *testing.T) {
	folder, text := t.TempDir(), xmlEvent("1")+"\n"+xmlEvent("2")
	want := []read{{1, "1", false}, {2, "2", false}}
	for name, content := range map[string][]byte{"plain.gz": []byte(text), "gzip.txt": zipped(t, text), "zstd.txt": zstandard(t, text), "empty": nil} {
		var got []read
		stats, err := Each(write(t, folder, name, content), collect(t, &got))
		if err != nil || stats.Files != 1 || len(stats.Skipped) > 0 {
			t.Errorf("%s: %+v, error %v", name, stats, err)
		}
		if len(content) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// What was read of it before is handed on, and the rest is said to be missing.
func TestADamagedCompressedFileIsAnError(t *testing.T) {
	text := strings.Repeat(xmlEvent("1")+"\n", 9) + "id"
	csvText := "id,b\n" + strings.Repeat("1,2\n", 99)
	for _, whole := range [][]byte{zipped(t, text), zipped(t, csvText), zstandard(t, text)} {
		for _, cut := range []int{3, 8, 12, len(whole) - 9, len(whole) - 1} {
			stats, err := EachIn("in", bytes.NewReader(whole[:cut]), func(Event) error { return nil })
			if len(stats.Skipped) == 1 && stats.Events > 0 {
				err = stats.Skipped[0].Reason
			}
			var broken *PackedError
			if !errors.As(err, &broken) && cut > len(zstdMagic) || broken != nil && stats.Events > 0 && broken.Bytes == 0 || !strings.Contains(err.Error(), "in") {
				t.Errorf("%d of %d bytes, %d events: %v", cut, len(whole), stats.Events, err)
			}
		}
	}
}

func TestOtherFilesAreRefusedWithAWayOut(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		say     []string
	}{
		"picture":        {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), []string{"PNG", "accepted are"}},
		"picture.gz":     {zipped(t, "\x89PNG\r\n\x1a\n"), []string{"PNG"}},
		"logs.zip":       {[]byte("PK\x03\x04rest"), []string{"damaged ZIP", "unpack it"}},
		"logs.zip.gz":    {zipped(t, "PK\x03\x04rest"), []string{"ZIP archive within", "unpack it first"}},
		"twice.gz":       {zipped(t, string(zipped(t, xmlEvent("1")))), []string{"gzip", "unpack it first"}},
		"logs.tgz":       {zipped(t, string(tarOf(t, nil, "a.png", "\x89PNG\r\n\x1a\n"))), []string{"tar archive", "PNG"}},
		"notes.txt":      {[]byte("Dear reader, this is\na letter.\n"), []string{"plain text", `"Dear reader`, "accepted are"}},
		"noise":          {[]byte("\x01\x02\x03"), []string{"binary data", "accepted are"}},
		"page.html":      {[]byte("\n <!DOCTYPE html><html></html>"), []string{"a web page", "export again"}},
		"objects.xml":    {[]byte("<Objs Version=\"1.1.0.1\" xmlns=\"u\"><Obj RefId=\"0\"/></Objs>"), []string{"Export-Clixml", "ToXml()"}},
		"list.txt":       {[]byte("\n\nTimeCreated  : 11/20/2026 9:00:01 AM\nProviderName : x\nId           : 1\n"), []string{"Format-List", "ConvertTo-Json"}},
		"objects2.xml":   {[]byte("<?xml version=\"1.0\"?>\n<Objects><Object Type=\"System.Diagnostics.Eventing.Reader.EventLogRecord\"/></Objects>"), []string{"ConvertTo-Xml", "ToXml()"}},
		"viewer-es.txt":  {[]byte("Nivel\tFecha y hora\tOrigen\tId. del evento\r\nInformación\t20/11/2026 09:00:01\tMicrosoft-Windows-Sysmon\t1\ty\t\"z\"\r\n"), []string{"Event Viewer", ".evtx or as XML"}},
		"wevtutil-de":    {[]byte("Event[0]\r\n  Protokollname: System\r\n  Quelle: x\r\n"), []string{"wevtutil", "/f:xml"}},
		"python.txt":     {[]byte("{'EventID': 1}\n"), []string{"Python", "json.dumps"}},
		"ruby.log":       {[]byte("{\n    \"EventID\" => 1,\n}\n"), []string{"rubydebug", "json_lines"}},
		"Weekly":         {[]byte("<?xml version=\"1.0\"?>\n<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\"><Actions/></Task>\n"), []string{"the definition of a task", "schtaskhunt tasks"}},
		"nxlog.log":      {[]byte("EventID=1, SourceModuleType=\"im_msvistalog\"\n"), []string{"NXLog", "to_json()"}},
		"numbers.json":   {[]byte("[1,2,3]"), []string{"plain text"}},
		"headless.csv":   {[]byte("1,WS1,2026-02-03 04:05:06,\"C:\\a b\\c.exe\"\n3,WS1,2026-02-03 04:05:06,x\n"), []string{"a table without a header", "ParentCommandLine"}},
		"headless.tsv":   {[]byte("1\tWS1\t2026-02-03 04:05:06\tC:\\a b\\c.exe\n"), []string{"plain text"}},
		"long.tsv":       {[]byte("1\tWS1\t2026-02-03 04:05:06\tC:\\a b\\c.exe\t5\t6\t7\tC:\\x\n"), []string{"a table without a header"}},
		"provider.csv":   {[]byte("1,Microsoft-Windows-Sysmon,WS1,2026-02-03 04:05:06,C:\\a b\\c.exe,C:\\a,C:\\b,C:\\c\n"), []string{"a table without a header"}},
		"viewer.csv":     {[]byte("Information,20/11/2026 09:00:01,Microsoft-Windows-Sysmon,1,Process Create\nInformation,20/11/2026 09:00:01,Microsoft-Windows-Sysmon,1,Process Create\n"), []string{"Event Viewer"}},
		"shopping.txt":   {[]byte("milk, eggs, tea, 2 rolls\nat 9, in town, by bus\n"), []string{"plain text"}},
		"letter.txt":     {[]byte("one, two, three, four!\nfive, six, seven, eight!\n"), []string{"plain text"}},
		"program.go.txt": {[]byte("package x\n\nfunc f() {\n}\n"), []string{"plain text"}},
	} {
		path := write(t, t.TempDir(), name, c.content)
		stats, err := Each(path, func(Event) error { t.Errorf("%s: an event", name); return nil })
		if !isForeign(err) || stats.Files != 0 {
			t.Errorf("%s: %+v, error %v", name, stats, err)
			continue
		}
		for _, say := range append(c.say, path) {
			if !strings.Contains(err.Error(), say) {
				t.Errorf("%s: %q is not in %q", name, say, err)
			}
		}
	}
}

func TestAMissingFileIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gone.xml")
	if _, err := Each(path, nil); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "gone.xml") {
		t.Errorf("error is %v", err)
	}
}

func TestAFolderIsReadInOrderAndItsOtherFilesAreReported(t *testing.T) {
	folder, outside := t.TempDir(), t.TempDir()
	write(t, folder, "b.xml", []byte(xmlEvent("2")))
	write(t, folder, "a/z.json", []byte(`{"id":1}`))
	write(t, folder, "c.png", []byte("\x89PNG\r\n\x1a\n"))
	write(t, folder, "d.csv.gz", zipped(t, "id,b\n3,x\n"))
	write(t, folder, ".hidden", []byte(xmlEvent("8")))
	write(t, folder, ".git/x.xml", []byte(xmlEvent("8")))
	write(t, outside, "x.xml", []byte(xmlEvent("9")))
	for link, target := range map[string]string{"e-folder": outside, "f-file": filepath.Join(outside, "x.xml"), "g-nowhere": filepath.Join(outside, "gone"), "h-loop": folder} {
		if err := os.Symlink(target, filepath.Join(folder, link)); err != nil {
			t.Skipf("cannot make links here: %v", err)
		}
	}
	var got []read
	stats, err := Each(folder, collect(t, &got))
	if err != nil {
		t.Fatal(err)
	}
	if want := []read{{1, "1", false}, {1, "2", false}, {2, "3", false}, {1, "9", false}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if stats.Files != 4 || stats.Events != 4 || len(stats.Skipped) != 4 || filepath.Base(stats.Skipped[0].File) != "c.png" || !isForeign(stats.Skipped[0].Reason) {
		t.Errorf("stats %+v", stats)
	}
	for i, want := range []string{"c.png", "e-folder", "g-nowhere", "h-loop"} {
		if got := filepath.Base(stats.Skipped[i].File); got != want {
			t.Errorf("left out %s, want %s", got, want)
		}
	}
}

// One file that cannot be read, or only in part, costs itself and not the folder.
func TestAFileThatBreaksOffCostsItselfInAFolder(t *testing.T) {
	folder := t.TempDir()
	packed := zipped(t, strings.Repeat(xmlEvent("1")+"\n", 40))
	for name, content := range map[string][]byte{
		"a-cut.xml.gz": packed[:len(packed)-9], "b-broken.gz": []byte("\x1f\x8b\x08\x00no gzip at all"), "c.xml": []byte(xmlEvent("2")),
		"d-cut.evtx": []byte("ElfFile\x00cut"), "e-broken.zst": []byte("\x28\xb5\x2f\xfdno zstd"), "f.xml": []byte(xmlEvent("3")),
	} {
		write(t, folder, name, content)
	}
	locked := write(t, folder, "g-locked.xml", []byte(xmlEvent("4")))
	if err := os.Chmod(locked, 0); err != nil {
		t.Fatal(err)
	}
	_, canRead := os.ReadFile(locked) // the administrator may
	seen := map[string]bool{}
	stats, err := Each(folder, func(e Event) error { seen[filepath.Base(e.File)] = true; return nil })
	if err != nil || !seen["c.xml"] || !seen["f.xml"] {
		t.Errorf("the files beside were not read: %v, error %v", seen, err)
	}
	// The log that is cut is one all the same, of which notes are taken.
	want := []string{"a-cut.xml.gz", "b-broken.gz", "e-broken.zst"}
	if canRead != nil {
		want = append(want, "g-locked.xml")
	}
	var got []string
	for _, s := range stats.Skipped {
		got = append(got, filepath.Base(s.File))
		if !strings.Contains(s.Reason.Error(), filepath.Base(s.File)) {
			t.Errorf("the reason does not name the file: %v", s.Reason)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("left out %v, want %v", got, want)
	}
}

func TestAnErrorOfTheCallerEndsTheReading(t *testing.T) {
	stop := errors.New("stop")
	for _, text := range []string{xmlEvent("1") + xmlEvent("2"), "id,b\n1,2\n3,4\n"} {
		stats, err := EachIn("in", strings.NewReader(text), func(Event) error { return stop })
		if !errors.Is(err, stop) || stats.Events != 1 {
			t.Errorf("%+v, error %v", stats, err)
		}
	}
}

func TestAReadErrorIsReported(t *testing.T) {
	for _, text := range []string{"", xmlEvent("1"), "id,b\n1,2\n"} {
		broken := io.MultiReader(strings.NewReader(text), iotest.ErrReader(io.ErrClosedPipe))
		if _, err := EachIn("in", broken, func(Event) error { return nil }); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%.20q: error %v", text, err)
		}
	}
}

// TestEventsAcrossReads makes events fall on every border of the window.
func TestEventsAcrossReads(t *testing.T) {
	for name, event := range map[string]func(string) string{
		"XML": xmlEvent, "classic": classicEvent,
		"JSON": func(id string) string { return "{\"pad\":{\"a\":[1,{}]},\n\"id\":\"" + id + "\"}" },
		"CSV":  func(id string) string { return id + ",\"x\ny\"" },
	} {
		var b strings.Builder
		if name == "CSV" {
			b.WriteString("id,b\n")
		}
		const n = 9000
		for i := range n {
			b.WriteString(event(fmt.Sprint(i)) + "\n")
		}
		got := 0
		rec := record.New(names)
		_, err := EachIn("in", iotest.HalfReader(strings.NewReader(b.String())), func(e Event) error {
			if err := e.Fill(rec); err != nil {
				return err
			}
			if id(rec) != fmt.Sprint(got) {
				return fmt.Errorf("event %d has id %q", got, id(rec))
			}
			got++
			return nil
		})
		if err != nil || got != n {
			t.Errorf("%s: %d events, error %v", name, got, err)
		}
	}
}

func TestAnEventWithoutEndIsRefused(t *testing.T) {
	for _, begin := range []string{"<Event>", "{\"a\":\"", "1/2/2024\nLogName=a\nMessage="} {
		endless := io.MultiReader(strings.NewReader(begin), io.LimitReader(spaces{}, maxEvent+1))
		_, err := EachIn("in", endless, func(Event) error { t.Errorf("%q: an event", begin); return nil })
		if !errors.Is(err, errLongEvent) || !strings.Contains(err.Error(), "in at line") {
			t.Errorf("%q: error %v", begin, err)
		}
	}
}

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	copy(p, bytes.Repeat([]byte{' '}, len(p)))
	return len(p), nil
}

func TestCSVRowsGiveAllTheirValues(t *testing.T) {
	text := "id,b\n1,\"x \"\"y\"\"\"\n2,z\n"
	want, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, fillFirst := range []bool{false, true} {
		var got [][]string
		rec := record.New(names)
		if _, err := EachIn("in", strings.NewReader(text), func(e Event) error {
			if got == nil {
				got = append(got, e.Columns())
			}
			if fillFirst {
				if err := e.Fill(rec); err != nil {
					return err
				}
			}
			var row []string
			for _, v := range e.Values() {
				row = append(row, string(v))
			}
			got = append(got, row)
			if err := e.Fill(rec); err != nil || id(rec) != row[0] {
				t.Errorf("filled again: %q, error %v", id(rec), err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestRealFilesCount(t *testing.T) {
	for name, want := range map[string]int{
		"sysmon/gootloader_xmlwineventlog.log": 39, "sysmon/gootloader.jsonl": 39, "sysmon/merged_theshire2020.jsonl": 5260,
		"sysmon/empire_run_keys_standard_user.jsonl": 1502, "sysmon/lsass_campaign_04_it01.jsonl": 640,
		"defender/mde_proc_cs1.deviceprocessevents.jsonl": 1564, "defender/advanced_hunting_test.csv": 129,
	} {
		rec := record.New(record.NewNames("EventID", "properties.DeviceId", "ActionType"))
		stats, err := Each(dataset(t, name), func(e Event) error {
			if err := e.Fill(rec); err != nil {
				return err
			}
			if len(rec.Filled()) == 0 {
				return fmt.Errorf("line %d has none of the fields", e.Line())
			}
			return nil
		})
		if err != nil || stats.Events != want {
			t.Errorf("%s: %d events, want %d, error %v", name, stats.Events, want, err)
		}
	}
}

// FuzzEach holds the reader to what must be true of any input: it ends, it does
// not panic, how the stream is read makes no difference, lines never go back.
func FuzzEach(f *testing.F) {
	for _, s := range []string{xmlEvent("1") + "\n" + classicEvent("2"), "[{\"id\":1},\n{\"id\":2}]", "id,b\n1,\"\n", "id,b\n,,\n\"", "{\"a\":[\n{\"b\":1}\n", "<e:Event></e:Event", "\xff\xfe<\x00", "x<Event>\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		events := func(s Source, r io.Reader) (got []read, err error) {
			rec, last := record.New(names), 1
			_, err = s.EachIn("in", r, func(e Event) error {
				if e.Line() < last {
					t.Fatalf("line %d after %d", e.Line(), last)
				}
				bad := e.Fill(rec) != nil
				last, got = e.Line(), append(got, read{e.Line(), id(rec), bad})
				return nil
			})
			return got, err
		}
		whole, err := events(Source{}, strings.NewReader(text))
		for _, size := range []int{1, 7 + len(text)%50, 1 << 10} {
			parts, partsErr := events(Source{size: size}, iotest.OneByteReader(strings.NewReader(text)))
			if !reflect.DeepEqual(whole, parts) || (err == nil) != (partsErr == nil) {
				t.Fatalf("%q: %v and %v, errors %v and %v", text, whole, parts, err, partsErr)
			}
		}
	})
}

func BenchmarkEach(b *testing.B) {
	text := []byte(strings.Repeat(xmlEvent("1")+"\n", 5000))
	rec := record.New(names)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := EachIn("in", bytes.NewReader(text), func(e Event) error { return e.Fill(rec) }); err != nil {
			b.Fatal(err)
		}
	}
}

// TestTextsThatAreAlmostPlainAreRead has what exporters put around and between a log's own.
func TestTextsThatAreAlmostPlainAreRead(t *testing.T) {
	wide := "id,b,c,d,e,f,g,h,i,j\n"
	for name, c := range map[string]struct {
		text string
		want []read
	}{
		"a JSON text sequence":            {"\x1e{\"id\":1}\n\x1e{\"id\":2}\n", []read{{1, "1", false}, {2, "2", false}}},
		"a title of three lines":          {"Hunting export\nMade on Monday, 3 March\n\n" + wide + "7,,,,,,,,,\n", []read{{5, "7", false}}},
		"a column of somebody's own":      {"Notes (free, of all), c\n", nil},
		"one odd column among many":       {strings.Replace(wide, "c,", "\"Notes, (free)\",", 1) + "7,,\"a\nb\",,,,,,,\n", []read{{2, "7", false}}},
		"blanks around the names":         {" id , b , c \n7,x,y\n", []read{{2, "7", false}}},
		"semicolons behind blank lines":   {"\r\n\nid;b;c\n7;x;y\n", []read{{4, "7", false}}},
		"a list of packed objects within": {`{"Contents":{"results":[{"id":1},{"id":2}]},"Type":1}`, []read{{1, "1", false}, {1, "2", false}}},
	} {
		var got []read
		_, err := EachIn("in", strings.NewReader(c.text), collect(t, &got))
		if !reflect.DeepEqual(got, c.want) || (err != nil) != (c.want == nil) {
			t.Errorf("%s: got %v, want %v, error %v", name, got, c.want, err)
		}
	}
}

func TestATitleKeepsTheRowsPlaces(t *testing.T) {
	files := new(Files)
	path := write(t, t.TempDir(), "a.csv", []byte("A title\n\nid,b,c,d,e,f,g,h,i,j\n7,x,,,,,,,,\n8,y,,,,,,,,\n"))
	rec, again := record.New(names), files.Again()
	seen := 0
	_, err := Source{Files: files}.Each(path, func(e Event) error {
		if err := e.Fill(rec); err != nil {
			return err
		}
		first, second := id(rec), record.New(names)
		if !rec.Place().Known() {
			t.Errorf("the row of %s has no place", first)
		} else if err := again.Row(rec.Place(), second); err != nil || id(second) != first {
			t.Errorf("%s is read again as %s, error %v", first, id(second), err)
		}
		seen++
		return nil
	})
	if err = errors.Join(err, again.Close()); err != nil || seen != 2 {
		t.Errorf("%d rows, error %v", seen, err)
	}
}
