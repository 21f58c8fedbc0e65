package source

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// archiveOf makes a ZIP archive of names and contents in turn; change, if any, may change
// the header of an entry.
func archiveOf(t *testing.T, change func(*zip.FileHeader), entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		h := &zip.FileHeader{Name: entries[i], Method: zip.Deflate}
		if change != nil {
			change(h)
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, entries[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// saysOf are the reasons of what was left out, one after the other.
func saysOf(stats Stats) string {
	var b strings.Builder
	for _, s := range stats.Skipped {
		b.WriteString(s.Reason.Error() + "\n")
	}
	return b.String()
}

func TestAnArchiveIsReadLikeAFolder(t *testing.T) {
	content := archiveOf(t, nil,
		"C/Windows/System32/winevt/Logs/Sysmon.evtx", string(binaryLog(2, 2)), "../../up.xml", xmlEvent("9"), `C:\x\packed.gz`, string(zipped(t, "id,b\n5,x\n")),
		"empty/", "", "picture.png", "\x89PNG\r\n\x1a\n", "__MACOSX/x.xml", xmlEvent("8"), ".hidden/x.xml", xmlEvent("8"), "inner.zip", string(archiveOf(t, nil, "x.xml", xmlEvent("7"))))
	want := append(countedEvents(4), read{1, "9", false}, read{2, "5", false})
	folder := t.TempDir()
	path := write(t, folder, "triage.bin", content)
	for _, named := range []string{path, folder} {
		var got []read
		read := 0
		stats, err := Source{Read: func(n int) { read += n }}.Each(named, collect(t, &got))
		if err != nil || stats.Files != 3 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, error %v", named, stats, got, err)
		}
		if len(stats.Skipped) != 2 || !strings.Contains(saysOf(stats), path+"/picture.png is not an event log") || !strings.Contains(saysOf(stats), "ZIP archive within") {
			t.Errorf("left out: %s", saysOf(stats))
		}
		if read == 0 || read > len(content) {
			t.Errorf("%d of %d bytes were told of", read, len(content))
		}
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("the folder holds %v: something was unpacked", left)
	}
}

func TestEntriesThatCannotBeReadAreNamed(t *testing.T) {
	good := xmlEvent("1")
	for name, c := range map[string]struct {
		change func(*zip.FileHeader)
		say    string
	}{
		"encrypted": {func(h *zip.FileHeader) { h.Flags |= encryptedFlag }, "is encrypted"},
		"link":      {func(h *zip.FileHeader) { h.SetMode(os.ModeSymlink | 0o777) }, "is a link"},
	} {
		content := archiveOf(t, func(h *zip.FileHeader) {
			if h.Name == "odd" {
				c.change(h)
			}
		}, "good.xml", good, "odd", good)
		var got []read
		stats, err := Each(write(t, t.TempDir(), "a.zip", content), collect(t, &got))
		if err != nil || len(got) != 1 || !strings.Contains(saysOf(stats), "a.zip/odd "+c.say) {
			t.Errorf("%s: %v, left out %q, error %v", name, got, saysOf(stats), err)
		}
	}
}

// TestADamagedEntryCostsItself changes bytes of the first entry, and its method.
func TestADamagedEntryCostsItself(t *testing.T) {
	content := archiveOf(t, nil, "a.xml", strings.Repeat(xmlEvent("1")+"\n", 99), "b.xml", xmlEvent("2"))
	at := bytes.Index(content, []byte("a.xml"))
	directory := bytes.LastIndex(content, []byte("PK\x01\x02"))
	directory = bytes.LastIndex(content[:directory], []byte("PK\x01\x02"))
	for name, c := range map[string]struct {
		at  int
		b   byte
		say string
	}{
		"data": {at + 30, content[at+30] ^ 0x55, "a.zip/a.xml"}, "method": {directory + 10, 9, "(method 9)"}, "checksum": {directory + 16, content[directory+16] ^ 1, "checksum"},
	} {
		changed := bytes.Clone(content)
		changed[c.at] = c.b
		var got []read
		stats, err := Each(write(t, t.TempDir(), "a.zip", changed), collect(t, &got))
		if err != nil || len(got) == 0 || got[len(got)-1].id != "2" || !strings.Contains(saysOf(stats), c.say) {
			t.Errorf("%s: %d events, left out %q, error %v", name, len(got), saysOf(stats), err)
		}
	}
}

func TestAnArchiveWithoutLogsIsForeign(t *testing.T) {
	for name, content := range map[string][]byte{
		"empty": archiveOf(t, nil), "pictures": archiveOf(t, nil, "a.png", "\x89PNG\r\n\x1a\n"), "cut": archiveOf(t, nil, "a.xml", xmlEvent("1"))[:60],
	} {
		_, err := Each(write(t, t.TempDir(), "a.zip", content), func(Event) error { return nil })
		if !isForeign(err) || !strings.Contains(err.Error(), "ZIP archive") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestManyFilesLeftOutOfAnArchiveAreCounted(t *testing.T) {
	entries := []string{"good.xml", xmlEvent("1")}
	for i := range zipSkipped + 5 {
		entries = append(entries, fmt.Sprint(i), "\x89PNG\r\n\x1a\n")
	}
	stats, err := Each(write(t, t.TempDir(), "a.zip", archiveOf(t, nil, entries...)), func(Event) error { return nil })
	if err != nil || stats.Events != 1 || len(stats.Skipped) != zipSkipped+1 || !strings.Contains(saysOf(stats), "5 more files in ") {
		t.Errorf("%d events, %d left out, error %v", stats.Events, len(stats.Skipped), err)
	}
}

func TestAnArchiveFromAStreamIsRefusedWithAWayOut(t *testing.T) {
	_, err := EachIn("standard input", bytes.NewReader(archiveOf(t, nil, "a.xml", xmlEvent("1"))), func(Event) error { return nil })
	if !isForeign(err) || !strings.Contains(err.Error(), "standard input") || !strings.Contains(err.Error(), "save it as a file") {
		t.Errorf("error %v", err)
	}
}

func TestAnErrorOfTheCallerEndsTheArchive(t *testing.T) {
	stop := errors.New("stop")
	path := write(t, t.TempDir(), "a.zip", archiveOf(t, nil, "a.xml", xmlEvent("1"), "b.xml", xmlEvent("2")))
	if stats, err := Each(path, func(Event) error { return stop }); !errors.Is(err, stop) || stats.Events != 1 {
		t.Errorf("%+v, error %v", stats, err)
	}
}

// TestAnArchiveThatUnpacksToTooMuchIsBounded has a small limit, and entries that all lie
// upon each other would be no different: what counts is what comes out.
func TestAnArchiveThatUnpacksToTooMuchIsBounded(t *testing.T) {
	content := archiveOf(t, nil, "a.xml", xmlEvent("1"), "b.xml", strings.Repeat(xmlEvent("2"), 9999), "c.xml", xmlEvent("3"))
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	rec, ids := record.New(names), map[string]int{}
	one := oneByOne{fn: func(e Event) error {
		if err := e.Fill(rec); err == nil {
			ids[id(rec)]++
		}
		return nil
	}}
	a := archive{reading: &reading{fn: one.read}, path: "bomb.zip", left: 100_000}
	stats, err := a.entries(z.File)
	if err != nil || ids["1"] != 1 || ids["2"] == 0 || ids["2"] > 100_000/len(xmlEvent("2")) || ids["3"] != 0 {
		t.Errorf("%v, error %v", ids, err)
	}
	for _, say := range []string{"bomb.zip/b.xml", "after entry 2 of 3 nothing more was read", "200 times its size"} {
		if !strings.Contains(saysOf(stats), say) {
			t.Errorf("%q is not in %q", say, saysOf(stats))
		}
	}
}

func TestADirectoryThatIsTooLongIsRefused(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	long := strings.Repeat("n", 60_000)
	for range zipDirectory/len(long) + 1 {
		if _, err := w.CreateHeader(&zip.FileHeader{Name: long, Method: zip.Store}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := Each(write(t, t.TempDir(), "a.zip", b.Bytes()), func(Event) error { return nil })
	if !isForeign(err) || !strings.Contains(err.Error(), "directory is longer than 16 MiB") {
		t.Errorf("error %v", err)
	}
}

// FuzzArchive holds the reader of archives to its end: no panic, and nothing beside the
// archive on disk.
func FuzzArchive(f *testing.F) {
	f.Add(zipBytes(f))
	f.Fuzz(func(t *testing.T, content []byte) {
		folder := t.TempDir()
		path := filepath.Join(folder, "a.zip")
		if err := os.WriteFile(path, append([]byte(zipMagic), content...), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _ = Each(path, func(Event) error { return nil })
		if left, _ := os.ReadDir(folder); len(left) != 1 {
			t.Fatalf("the folder holds %v", left)
		}
	})
}

// zipBytes is a small archive without its first four bytes.
func zipBytes(f *testing.F) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"a.xml", "b/c.json"} {
		e, err := w.Create(name)
		if err != nil {
			f.Fatal(err)
		}
		_, _ = io.WriteString(e, xmlEvent("1"))
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	return b.Bytes()[len(zipMagic):]
}
