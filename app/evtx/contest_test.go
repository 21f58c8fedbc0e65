//go:build oracle && unix

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
	"syscall"
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
	var ours, xml, json, work, theirWork []float64
	most, records := uint64(0), 0
	for range 5 {
		us := timedDump(t, path)
		ours, work, most, records = append(ours, us.wall), append(work, us.work), max(most, us.heap), us.records
		asXML, asJSON := timedLibrary(t, python, path, "xml"), timedLibrary(t, python, path, "json")
		xml, json, theirWork = append(xml, asXML.wall), append(json, asJSON.wall), append(theirWork, min(asXML.work, asJSON.work))
		if asXML.records != records {
			t.Errorf("%d records, the library has %d", records, asXML.records)
		}
	}
	a, b, c := middle(ours), middle(xml), middle(json)
	t.Logf("%d MB, %d records: Dump %.2f s (%.0f MB/s, heap at most %d MB), library's XML %.2f s, its JSON %.2f s: ratio %.2f; work %.2f s and %.2f s: ratio %.2f",
		size>>20, records, a, float64(size)/a/1e6, most>>20, b, c, a/min(b, c), middle(work), middle(theirWork), middle(work)/middle(theirWork))
	if a > min(b, c) {
		t.Errorf("Dump takes %.2f s, the library %.2f s", a, min(b, c))
	}
	if most > 64<<20 {
		t.Errorf("the heap grew to %d MB", most>>20)
	}
}

// timed is what one reading of a file took, in seconds.
type timed struct {
	wall, work float64
	records    int
	heap       uint64 // the largest that was seen
}

func middle(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// thousandChunks writes a file of 1,000 chunks that are nearly full.
func thousandChunks(t testing.TB) (path string, size int) {
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

// timedDump dumps a file to nowhere.
func timedDump(t *testing.T, path string) timed {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	runtime.GC()
	watched := &watched{Writer: io.Discard}
	begin, work := time.Now(), workDone(t)
	records, err := Dump(watched, f, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	return timed{time.Since(begin).Seconds(), (workDone(t) - work).Seconds(), records, watched.heap}
}

// workDone is the time that this process's threads have run.
func workDone(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
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

func timedLibrary(t *testing.T, python, path, form string) (c timed) {
	t.Helper()
	out, err := exec.Command(python, filepath.Join("testdata", "dump.py"), path, form).Output()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(string(out), &c.wall, &c.work, &c.records); err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	return c
}
