//go:build oracle

package evtx

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

// TestDumpIsAsFastAsPyPIEvtx reads a file of 1,000 chunks, made of those of the data sets
// that are full, by turns with Dump and with PyPI's evtx, each on two cores, and fails when
// Dump takes longer than the library's faster way, or when its memory grows with the file:
//
//	make bench-evtx
func TestDumpIsAsFastAsPyPIEvtx(t *testing.T) {
	python := os.Getenv("EVTX_PYTHON")
	if os.Getenv("EVTX_BENCH") == "" || python == "" {
		t.Skip("a benchmark; make bench-evtx runs it")
	}
	path, size := thousandChunks(t)
	var ours, xml, json []float64
	most := uint64(0)
	var records int
	for range 5 {
		n, seconds, peak := timedDump(t, path)
		ours, most, records = append(ours, seconds), max(most, peak), n
		seconds, n = timedLibrary(t, python, path, "xml")
		xml = append(xml, seconds)
		if n != records {
			t.Errorf("%d records, the library has %d", records, n)
		}
		seconds, _ = timedLibrary(t, python, path, "json")
		json = append(json, seconds)
	}
	a, b, c := middle(ours), middle(xml), middle(json)
	t.Logf("%d MB, %d records: Dump %.2f s (%.0f MB/s, heap at most %d MB), library's XML %.2f s, its JSON %.2f s: ratio %.2f",
		size>>20, records, a, float64(size)/a/1e6, most>>20, b, c, a/min(b, c))
	if a > min(b, c) {
		t.Errorf("Dump takes %.2f s, the library %.2f s", a, min(b, c))
	}
	if most > 64<<20 {
		t.Errorf("the heap grew to %d MB", most>>20)
	}
}

func middle(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// thousandChunks writes a file of 1,000 chunks that are nearly full.
func thousandChunks(t *testing.T) (path string, size int) {
	t.Helper()
	var full [][]byte
	var head []byte
	for _, path := range datasets(t) {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for at := headerBlock; at+ChunkSize <= len(log); at += ChunkSize {
			chunk := log[at : at+ChunkSize]
			if bytes.HasPrefix(chunk, []byte(chunkMagic)) && le.Uint32(chunk[48:]) > ChunkSize*9/10 {
				full, head = append(full, chunk), log[:headerBlock]
			}
		}
	}
	if len(full) == 0 {
		t.Fatal("no chunk of the data sets is full")
	}
	file := slices.Clone(head)
	for i := range 1000 {
		file = append(file, full[i%len(full)]...)
	}
	path = filepath.Join(t.TempDir(), "thousand.evtx")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, len(file)
}

// timedDump dumps a file to nowhere, and returns the largest heap that was seen.
func timedDump(t *testing.T, path string) (records int, seconds float64, heap uint64) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	runtime.GC()
	watched := &watched{Writer: io.Discard}
	begin := time.Now()
	records, err = Dump(watched, f, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	return records, time.Since(begin).Seconds(), watched.heap
}

// watched looks at the heap now and then.
type watched struct {
	io.Writer
	writes int
	heap   uint64
}

func (w *watched) Write(p []byte) (int, error) {
	if w.writes++; w.writes%100 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		w.heap = max(w.heap, m.HeapInuse)
	}
	return w.Writer.Write(p)
}

func timedLibrary(t *testing.T, python, path, form string) (seconds float64, records int) {
	t.Helper()
	out, err := exec.Command(python, filepath.Join("testdata", "dump.py"), path, form).Output()
	if err != nil {
		t.Fatal(err)
	}
	var size int
	var peak float64
	if _, err := fmt.Sscan(string(out), &seconds, &records, &size, &peak); err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	return seconds, records
}
