package evtx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/schtaskhunt/schtaskhunt/app/evtx/evtxtest"
)

// chunkOf is a chunk of n events, whose first record has a number.
func chunkOf(first uint64, n int) []byte {
	chunk := evtxtest.NewChunk(first)
	for i := range n {
		chunk.Record(0, evtxtest.Event("P", 1, "C", "i", fmt.Sprint(i)))
	}
	return chunk.Bytes()
}

// numbers are those of a log's records, and the warnings.
func numbers(t testing.TB, log []byte) (all []uint64, warnings []Warning) {
	t.Helper()
	readAll(t, bytes.NewReader(log), func(w Warning) { warnings = append(warnings, w) }, func(d *Decoder) {
		if _, err := d.AppendXML(nil); err == nil {
			all = append(all, d.Record().Number)
		}
	})
	return all, warnings
}

// changed is a copy of bytes with some of them written over.
func changed(b []byte, at int, with ...byte) []byte {
	b = slices.Clone(b)
	copy(b[at:], with)
	return b
}

func TestDamagedFilesAreReadAsFarAsTheyGo(t *testing.T) {
	a, b := chunkOf(1, 2), chunkOf(3, 2)
	sound := evtxtest.File(1, a, b)
	empty, noise := make([]byte, ChunkSize), bytes.Repeat([]byte("noise"), ChunkSize/5+1)[:ChunkSize]
	all := []uint64{1, 2, 3, 4}
	first := int(le.Uint32(a[firstRecord+4:])) // size of the first record
	second := firstRecord + first
	beyond := changed(a, 48, le.AppendUint32(nil, uint32(second))...) // the second record behind the end
	stale := changed(beyond, second+8, 99)                            // that is an older one
	for name, c := range map[string]struct {
		log   []byte
		want  []uint64
		kinds []Kind
	}{
		"sound":                          {sound, all, nil},
		"version 3.2":                    {evtxtest.File(2, a, b), all, nil},
		"version 4.0":                    {changed(sound, 38, 4), all, []Kind{FileHeader, FileHeader}},
		"header's checksum wrong":        {changed(sound, 124, 1, 2, 3, 4), all, []Kind{FileHeader}},
		"dirty":                          {changed(sound, 120, 1), all, nil},
		"count of chunks wrong":          {changed(sound, 42, 99, 99), all, []Kind{FileHeader}},
		"no chunks":                      {evtxtest.File(1), nil, nil},
		"header only, cut":               {sound[:100], nil, []Kind{CutFile}},
		"cut in the header":              {sound[:3000], nil, []Kind{CutFile}},
		"empty block between":            {evtxtest.File(1, a, empty, b), all, nil},
		"block of noise between":         {evtxtest.File(1, a, noise, b), all, []Kind{NoChunk}},
		"bytes missing":                  {slices.Delete(evtxtest.File(1, a, noise, b), 80000, 81000), all, []Kind{NoChunk}},
		"chunk's checksum wrong":         {evtxtest.File(1, changed(a, 124, 1, 2, 3, 4), b), all, []Kind{ChunkChecksum}},
		"records' checksum wrong":        {evtxtest.File(1, changed(a, 52, 1, 2, 3, 4), b), all, []Kind{ChunkChecksum, ChunkChecksum}},
		"no checksums":                   {evtxtest.File(1, changed(changed(a, 52, 0, 0, 0, 0), 124, 0, 0, 0, 0), b), all, nil},
		"end of records unknown":         {evtxtest.File(1, changed(a, 48, 0xFF, 0xFF, 0xFF, 0x7F), b), all, nil},
		"record behind the stated end":   {evtxtest.File(1, evtxtest.Sum(beyond), b), all, nil},
		"old record behind the end":      {evtxtest.File(1, evtxtest.Sum(stale), b), []uint64{1, 3, 4}, nil},
		"two sizes":                      {evtxtest.File(1, evtxtest.Sum(changed(a, second-4, 9)), b), all, []Kind{TwoSizes}},
		"record without its magic":       {evtxtest.File(1, evtxtest.Sum(changed(a, second, 'x')), b), []uint64{1, 3, 4}, []Kind{LostRecords}},
		"size of 0":                      {evtxtest.File(1, evtxtest.Sum(changed(b, second+4, 0, 0, 0, 0)), a), []uint64{3, 1, 2}, []Kind{LostRecords}},
		"size beyond the chunk":          {evtxtest.File(1, evtxtest.Sum(changed(b, second+4, 0, 0, 9, 0)), a), []uint64{3, 1, 2}, []Kind{LostRecords}},
		"cut in the last chunk":          {sound[:len(sound)-60000], all, []Kind{CutFile}},
		"cut in a record":                {sound[:headerBlock+ChunkSize+second+30], []uint64{1, 2, 3}, []Kind{CutFile, LostRecords}},
		"cut in a chunk's header":        {sound[:headerBlock+ChunkSize+300], []uint64{1, 2}, []Kind{CutFile}},
		"a header of another size":       {moved(sound, 8192), all, []Kind{FileHeader}},
		"a header that lies of its size": {changed(sound, 40, 0, 8), all, []Kind{FileHeader}},
	} {
		got, warnings := numbers(t, c.log)
		var kinds []Kind
		for _, w := range warnings {
			kinds = append(kinds, w.Kind)
		}
		if !slices.Equal(got, c.want) || !slices.Equal(kinds, c.kinds) {
			t.Errorf("%s: records %v, want %v; warnings %v, want %v", name, got, c.want, warnings, c.kinds)
		}
	}
}

// moved makes a file whose header has room for more.
func moved(log []byte, size int) []byte {
	log = changed(log, 40, byte(size), byte(size>>8))
	return slices.Insert(log, headerBlock, make([]byte, size-headerBlock)...)
}

func TestALostRecordCostsNoOther(t *testing.T) {
	a := chunkOf(1, 4)
	second := firstRecord + int(le.Uint32(a[firstRecord+4:]))
	a[second] = 'x'
	got, warnings := numbers(t, evtxtest.File(1, evtxtest.Sum(a)))
	if !slices.Equal(got, []uint64{1, 3, 4}) || len(warnings) != 1 || warnings[0].Kind != LostRecords {
		t.Errorf("records %v, warnings %v", got, warnings)
	}
}

func TestWhatIsNoLogIsRefused(t *testing.T) {
	for _, text := range []string{"", "ElfFile", "<Event/>", "ElfChnk\x00"} {
		if _, err := NewReader(strings.NewReader(text), nil); !errors.Is(err, ErrNoLog) {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

func TestAnErrorOfTheStreamIsReported(t *testing.T) {
	log := evtxtest.File(1, chunkOf(1, 2), chunkOf(3, 2))
	for _, n := range []int{0, 100, 5000, headerBlock + ChunkSize, headerBlock + ChunkSize + 9} {
		broken := io.MultiReader(bytes.NewReader(log[:n]), iotest.ErrReader(io.ErrClosedPipe))
		var out bytes.Buffer
		got, err := Dump(&out, broken, 2, nil)
		if want := (n - headerBlock) / ChunkSize * 2; !errors.Is(err, io.ErrClosedPipe) || got != max(want, 0) {
			t.Errorf("%d bytes: %d records, error %v", n, got, err)
		}
	}
}

// TestHowAStreamIsReadDoesNotMatter: nor does how many goroutines take it apart.
func TestHowAStreamIsReadDoesNotMatter(t *testing.T) {
	var chunks [][]byte
	for i := range 40 {
		chunks = append(chunks, chunkOf(uint64(5*i), 5))
	}
	log := evtxtest.File(1, chunks...)
	var want strings.Builder
	texts, _ := renderAll(t, log)
	for _, text := range texts {
		want.WriteString(text + "\n")
	}
	for name, r := range map[string]io.Reader{"whole": bytes.NewReader(log), "halves": iotest.HalfReader(bytes.NewReader(log)), "data with its end": iotest.DataErrReader(bytes.NewReader(log))} {
		var got bytes.Buffer
		n, err := Dump(&got, r, 1+len(name)%3, nil)
		if err != nil || n != len(texts) || got.String() != want.String() {
			t.Errorf("%s: %d records, want %d, error %v", name, n, len(texts), err)
		}
	}
}

func TestAWriterThatFailsEndsTheDump(t *testing.T) {
	log := evtxtest.File(1, chunkOf(1, 200), chunkOf(201, 200))
	if _, err := Dump(failing{}, bytes.NewReader(log), 2, nil); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("error %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestRealLogsCount(t *testing.T) {
	counts := map[string]int{
		"Application_no_crc32.evtx": 17, "MSExchange_Management_wec.evtx": 1, "issue_201.evtx": 1, "Security_short_selected.evtx": 7,
		"Microsoft-Windows-HelloForBusiness%4Operational.evtx": 6, "Microsoft-Windows-LanguagePackSetup%4Operational.evtx": 17,
		"new-user-security.evtx": 4, "security_bad_string_cache.evtx": 2261, "sysmon.evtx": 358, "system.evtx": 1881,
	}
	for _, path := range datasets(t) {
		want, known := counts[filepath.Base(path)]
		if !known {
			continue
		}
		got := 0
		readFile(t, path, func(d *Decoder) {
			if _, err := d.AppendXML(nil); err != nil {
				t.Errorf("%s: record %d: %v", path, d.Record().Number, err)
			}
			got++
		})
		if got != want {
			t.Errorf("%s: %d records, want %d", path, got, want)
		}
	}
}
