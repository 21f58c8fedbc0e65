package source

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
)

// tarOf makes a tar archive of names and contents in turn; change, if any, may change the
// header of an entry.
func tarOf(t testing.TB, change func(*tar.Header), entries ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		h := &tar.Header{Name: entries[i], Mode: 0o600, Size: int64(len(entries[i+1])), Typeflag: tar.TypeReg}
		if change != nil {
			change(h)
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if _, err := io.WriteString(w, entries[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestATarArchiveIsReadLikeAFolder has the same archive plain, packed, as a stream, and in a
// ZIP archive.
func TestATarArchiveIsReadLikeAFolder(t *testing.T) {
	content := tarOf(t, nil,
		"logs/Sysmon.evtx", string(binaryLog(2, 2)), "../../up.xml", xmlEvent("9"), "packed.gz", string(zipped(t, "id,b\n5,x\n")), "wide.xml", string(utf16le(xmlEvent("6"))),
		"picture.png", "\x89PNG\r\n\x1a\n", "__MACOSX/x.xml", xmlEvent("8"), ".hidden/x.xml", xmlEvent("8"), "inner.tar", string(tarOf(t, nil, "x.xml", xmlEvent("7"))))
	want := append(countedEvents(4), read{1, "9", false}, read{2, "5", false}, read{1, "6", false})
	for name, packed := range map[string][]byte{
		"a.tar": content, "a.tgz": zipped(t, string(content)), "a.tar.zst": zstandard(t, string(content)), "a.zip": archiveOf(t, nil, "a.tar", string(content)),
	} {
		folder := t.TempDir()
		path := write(t, folder, name, packed)
		var got []read
		count := 0
		stats, err := Source{Read: func(n int) { count += n }}.Each(path, collect(t, &got))
		if err != nil || stats.Files != 4 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, error %v", name, stats, got, err)
		}
		if len(stats.Skipped) != 2 || !strings.Contains(saysOf(stats), "/picture.png is not an event log") || !strings.Contains(saysOf(stats), "tar archive within another") {
			t.Errorf("%s: left out: %s", name, saysOf(stats))
		}
		if name != "a.zip" && count != len(packed) {
			t.Errorf("%s: %d of %d bytes were told of", name, count, len(packed))
		}
		if left, _ := os.ReadDir(folder); len(left) != 1 {
			t.Errorf("%s: the folder holds %v: something was unpacked", name, left)
		}
	}
	var got []read
	if stats, err := EachIn("in", bytes.NewReader(content), collect(t, &got)); err != nil || stats.Files != 4 || !reflect.DeepEqual(got, want) {
		t.Errorf("as a stream: %+v, %v, error %v", stats, got, err)
	}
}

// utf16le is a text as Windows' tools export it.
func utf16le(text string) []byte {
	out := []byte("\xff\xfe")
	for _, c := range []byte(text) { // of ASCII
		out = append(out, c, 0)
	}
	return out
}

func TestEntriesOfATarArchiveThatCannotBeReadAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*tar.Header)
		say    string
	}{
		"link":   {func(h *tar.Header) { h.Typeflag, h.Linkname, h.Size = tar.TypeSymlink, "/etc/passwd", 0 }, "is a link"},
		"device": {func(h *tar.Header) { h.Typeflag, h.Size = tar.TypeChar, 0 }, "is a link or a device"},
	} {
		content := tarOf(t, func(h *tar.Header) {
			if h.Name == "odd" {
				c.change(h)
			}
		}, "odd", xmlEvent("2"), "good.xml", xmlEvent("1"))
		var got []read
		stats, err := Each(write(t, t.TempDir(), "a.tar", content), collect(t, &got))
		if err != nil || len(got) != 1 || !strings.Contains(saysOf(stats), "a.tar/odd "+c.say) {
			t.Errorf("%s: %v, left out %q, error %v", name, got, saysOf(stats), err)
		}
	}
}

// TestAFileWithHolesIsNotReadToItsClaimedEnd has an entry of 4 KiB that says that it is an
// exabyte long. Its headers are those of GNU's format 0.1 in pax records.
func TestAFileWithHolesIsNotReadToItsClaimedEnd(t *testing.T) {
	pax := ""
	for _, kv := range [][2]string{{"GNU.sparse.size", fmt.Sprint(1 << 60)}, {"GNU.sparse.numblocks", "1"}, {"GNU.sparse.map", "0,9"}, {"GNU.sparse.name", "holes.xml"}} {
		line := fmt.Sprintf(" %s=%s\n", kv[0], kv[1])
		pax += fmt.Sprintf("%d%s", len(line)+2, line)
	}
	content := tarOf(t, nil, "headers", pax, "holes.xml", "<Event x='", "good.xml", xmlEvent("1"))
	header := content[:512]
	header[156] = 'x' // its kind: records for the entry that follows
	sum := 0
	for i, c := range header {
		if i >= 148 && i < 156 {
			c = ' '
		}
		sum += int(c)
	}
	copy(header[148:], fmt.Sprintf("%06o\x00 ", sum))
	var got []read
	stats, err := Each(write(t, t.TempDir(), "a.tar", content), collect(t, &got))
	if err != nil || len(got) != 1 || !strings.Contains(saysOf(stats), "holes.xml is a file with holes") {
		t.Errorf("%v, left out %q, error %v", got, saysOf(stats), err)
	}
}

func TestADamagedTarArchiveIsReadAsFarAsItGoes(t *testing.T) {
	whole := tarOf(t, nil, "a.xml", strings.Repeat(xmlEvent("1")+"\n", 9), "b.xml", xmlEvent("2"), "c.xml", xmlEvent("3"))
	second := bytes.Index(whole, []byte("b.xml"))
	changed := bytes.Clone(whole)
	changed[second+1] ^= 0x55
	for name, c := range map[string]struct {
		content []byte
		events  int
		say     string
	}{
		"header":  {changed, 9, "breaks off behind entry 1"},
		"cut":     {whole[:second+100], 9, "breaks off behind entry 1"},
		"in one":  {whole[:700], 1, "a.tar/a.xml"},
		"packed":  {zipped(t, string(whole))[:200], 1, "ends too early"},
		"joined":  {append(bytes.Clone(whole), tarOf(t, nil, "d.xml", xmlEvent("4"))...), 11, "goes on behind its end"},
		"trailed": {append(bytes.Clone(whole), make([]byte, 9999)...), 11, ""},
	} {
		var got []read
		stats, err := Each(write(t, t.TempDir(), "a.tar", c.content), collect(t, &got))
		if err != nil || len(got) < c.events || !strings.Contains(saysOf(stats), c.say) || (c.say == "") != (len(stats.Skipped) == 0) {
			t.Errorf("%s: %d events, left out %q, error %v", name, len(got), saysOf(stats), err)
		}
	}
}

func TestATarArchiveWithoutLogsIsForeign(t *testing.T) {
	for name, content := range map[string][]byte{"pictures": tarOf(t, nil, "a.png", "\x89PNG\r\n\x1a\n"), "folders": tarOf(t, func(h *tar.Header) { h.Typeflag = tar.TypeDir }, "a/", "")} {
		_, err := Each(write(t, t.TempDir(), "a.tar", content), func(Event) error { return nil })
		if !isForeign(err) || !strings.Contains(err.Error(), "tar archive") || strings.Contains(err.Error(), "Excel") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestManyFilesLeftOutOfATarArchiveAreCounted(t *testing.T) {
	entries := []string{"good.xml", xmlEvent("1")}
	for i := range zipSkipped + 5 {
		entries = append(entries, fmt.Sprint(i), "\x89PNG\r\n\x1a\n")
	}
	stats, err := Each(write(t, t.TempDir(), "a.tar", tarOf(t, nil, entries...)), func(Event) error { return nil })
	if err != nil || stats.Events != 1 || len(stats.Skipped) != zipSkipped+1 || !strings.Contains(saysOf(stats), "5 more files in ") {
		t.Errorf("%d events, %d left out, error %v", stats.Events, len(stats.Skipped), err)
	}
}

func TestAnErrorOfTheCallerEndsTheTarArchive(t *testing.T) {
	stop := errors.New("stop")
	path := write(t, t.TempDir(), "a.tar", tarOf(t, nil, "a.xml", xmlEvent("1"), "b.xml", xmlEvent("2")))
	if stats, err := Each(path, func(Event) error { return stop }); !errors.Is(err, stop) || stats.Events != 1 {
		t.Errorf("%+v, error %v", stats, err)
	}
}

// FuzzTar holds the reader of tar archives to its end.
func FuzzTar(f *testing.F) {
	f.Add(tarOf(f, nil, "a.xml", xmlEvent("1"), "b/c.json", `{"id":1}`))
	f.Fuzz(func(_ *testing.T, content []byte) {
		_, _ = EachIn("in", bytes.NewReader(content), func(Event) error { return nil })
	})
}
