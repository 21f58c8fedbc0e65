//go:build bench && !noremote

package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// What remote may hold beyond max_mem_mb: the program itself, pages and answers.
const (
	remoteMemory = 200
	remoteMore   = 64
)

// TestRemote has remote fetch a large fleet from a pretended splunkd, by pages and as a stream,
// and fails where it holds more than max_mem_mb and 64 MB, or finds other rows than a hunt in
// the same file:
//
//	make bench-remote
func TestRemote(t *testing.T) {
	l := &lab{dir: os.Getenv("BENCH_DIR"), binary: os.Getenv("BENCH_BINARY")}
	if l.dir == "" || l.binary == "" {
		t.Skip("a benchmark; BENCH_DIR and BENCH_BINARY name a folder and the program; make bench-remote sets both")
	}
	folder := filepath.Join(l.dir, "remote")
	sum := generated(t, folder, sample.FormatSysmon, number(t, "BENCH_REMOTE_EVENTS", 1_200_000))
	file := filepath.Join(folder, sum.Files[0])
	_, want, err := wholeRun(".", l.binary, "hunt", "--format", "csv", "--recent", "all", "-q", file)
	must(t, err)
	server := &largeSplunkd{}
	must(t, server.index(file, filepath.Join(folder, "events.csv")))
	defer server.table.Close()
	web := httptest.NewServer(server)
	defer web.Close()
	t.Setenv("SCHTASKHUNT_TOKEN", "a token of nobody's")
	for _, fetch := range []string{"pages", "stream"} {
		c, rows, err := wholeRun(".", l.binary, "remote", "--url", web.URL, "--search", "index=x", "--fetch", fetch, "--max-results", "100000000",
			"--format", "csv", "--recent", "all", "-q", "--max-mem-mb", strconv.Itoa(remoteMemory))
		must(t, err)
		fmt.Printf("remote, %s, %d events: %v, %d MB with max_mem_mb=%d, at most %d\n", fetch, len(server.rows)-1, c.Wall, c.Memory>>20, remoteMemory, remoteMemory+remoteMore)
		if !bytes.Equal(rows, want) {
			t.Errorf("%s: %d bytes of rows, and %d of a hunt in the file", fetch, len(rows), len(want))
		}
		if c.Memory>>20 > remoteMemory+remoteMore && os.Getenv("BENCH_ALLOW_MISS") == "" {
			t.Errorf("%s: %d MB, at most %d are promised", fetch, c.Memory>>20, remoteMemory+remoteMore)
		}
	}
}

// largeSplunkd gives out the lines of a file as events with a text and nothing else. It does
// not hold them.
type largeSplunkd struct {
	lines string   // path of the file
	table *os.File // the same as CSV
	rows  []int64  // where they begin in it, and where the last ends
}

// rawHeader is the header of every page.
const rawHeader = "_raw\n"

// index writes the lines as CSV, and notes where each begins.
func (s *largeSplunkd) index(lines, table string) (err error) {
	if s.table, err = os.Create(table); err != nil {
		return err
	}
	out := bufio.NewWriter(s.table)
	s.lines, s.rows = lines, []int64{0}
	err = s.each(func(line string) error {
		n, err := out.WriteString(`"` + strings.ReplaceAll(line, `"`, `""`) + "\"\n")
		s.rows = append(s.rows, s.rows[len(s.rows)-1]+int64(n))
		return err
	})
	return errors.Join(err, out.Flush())
}

func (s *largeSplunkd) each(see func(line string) error) error {
	file, err := os.Open(s.lines)
	if err != nil {
		return err
	}
	defer file.Close()
	in := bufio.NewScanner(file)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		if err := see(in.Text()); err != nil {
			return err
		}
	}
	return in.Err()
}

// ServeHTTP knows one job, which is done.
func (s *largeSplunkd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	total := len(s.rows) - 1
	switch path := r.URL.Path; {
	case strings.HasSuffix(path, "/jobs"):
		_ = json.NewEncoder(w).Encode(map[string]string{"sid": r.FormValue("id")})
	case strings.HasSuffix(path, "/export"):
		s.stream(w)
	case strings.HasSuffix(path, "/results"):
		offset, _ := strconv.Atoi(r.FormValue("offset"))
		count, _ := strconv.Atoi(r.FormValue("count"))
		if from, to := min(offset, total), min(offset+count, total); from < to {
			_, _ = io.WriteString(w, rawHeader)
			_, _ = io.Copy(w, io.NewSectionReader(s.table, s.rows[from], s.rows[to]-s.rows[from]))
		}
	case strings.HasSuffix(path, "/control"):
		_, _ = io.WriteString(w, "{}")
	default:
		content := map[string]any{"dispatchState": "DONE", "isDone": true, "eventCount": total, "resultCount": total, "messages": []any{}}
		_ = json.NewEncoder(w).Encode(map[string]any{"entry": []any{map[string]any{"content": content}}})
	}
}

// stream exports all rows as JSON, one a line.
func (s *largeSplunkd) stream(w io.Writer) {
	out, n := json.NewEncoder(w), 0
	_ = s.each(func(line string) error {
		n++
		return out.Encode(map[string]any{"preview": false, "result": map[string]string{"_raw": line}, "lastrow": n == len(s.rows)-1})
	})
}
