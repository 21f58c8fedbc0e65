//go:build bench

package bench

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
)

// A benchmark is worth what its comparison is: it has to see every difference.
func TestDiffer(t *testing.T) {
	for _, c := range []struct {
		got, want []string
		same      bool
	}{
		{[]string{"a", "b"}, []string{"a", "b"}, true},
		{[]string{"a"}, []string{"a", "b"}, false},
		{[]string{"a", "b"}, []string{"a"}, false},
		{[]string{"a", "a"}, []string{"a"}, false},
		{[]string{"a", "a", "b"}, []string{"a", "b", "b"}, false},
	} {
		if said := differ(c.got, c.want); (said == "") != c.same {
			t.Errorf("%q and %q: %q", c.got, c.want, said)
		}
	}
}

// What hangs below a tie by process id is left out with it, and counted.
func TestAnswerOf(t *testing.T) {
	const rows = `row,node_id,parent_node_id,edge,process_guid,remote_ip,remote_port,remote_host,direction,action,connection_count
node,1,,parent_fields,{a},,,,,,1
connection,1,,guid,{a},::ffff:8.8.8.8,443,Host,outbound,,2
connection,1,,pid_interval,{a},9.9.9.9,443,,outbound,,1
connection,1,,guid,{a},1.1.1.1,,c2.example,,dns,1
node,2,1,pid_interval,{b},,,,,,0
node,3,2,guid,{c},,,,,,1
connection,3,2,guid,{c},1.1.1.1,443,,outbound,,1
`
	answer, beyond, err := answerOf([]byte(rows))
	must(t, err)
	want := []string{"A,,,,node,1", "A,,,c2.example,dns,1", "A,8.8.8.8,443,host,outbound,2"}
	if !slices.Equal(answer, want) || beyond != 4 {
		t.Errorf("%q and %d rows beyond, want %q and 4", answer, beyond, want)
	}
	theirs, err := sqlAnswer([]byte("A,::ffff:8.8.8.8,443,host,outbound,2\nA,,,c2.example,dns,1\nA,,,,node,1\n"))
	must(t, err)
	if said := differ(theirs, want); said != "" {
		t.Error(said)
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		target
		want string
	}{
		{target{figure: 0.2, limit: 0.25, measured: true}, "met"},
		{target{figure: 0.3, limit: 0.25, measured: true}, "MISSED"},
		{target{figure: 0.3, limit: 0.25, atLeast: true, measured: true}, "met"},
		{target{figure: 0.2, limit: 0.25, atLeast: true, measured: true}, "MISSED"},
		{target{figure: 0, limit: 0.25}, "NOT MEASURED"},
	} {
		if got := c.verdict(); got != c.want || c.met() != (got == "met") {
			t.Errorf("%+v is %s, want %s", c.target, got, c.want)
		}
	}
	empty := &report{}
	if missed := printTargets(io.Discard, 1_000_000, empty.targets(1_000_000)); missed < 10 {
		t.Errorf("nothing was measured, and only %d targets are missed", missed)
	}
}

func TestMedian(t *testing.T) {
	e := &entry{}
	for _, n := range []int64{5, 1, 3} {
		e.runs = append(e.runs, outcome{cost: cost{Wall: time.Duration(n), CPU: time.Duration(-n), Memory: n * n}})
	}
	if got, want := e.median(), (cost{3, -3, 9}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// A file of chunks says the same as the events, read by other code: encoding/csv.
func TestChunkFile(t *testing.T) {
	events := []map[string]string{{"a": "1", "b": "x,\"y\"\nz"}, {"b": "ü"}, {}}
	path := filepath.Join(t.TempDir(), "chunks")
	f := newChunkFile(path, []string{"a", "b"}, len(events))
	for _, e := range events {
		f.add(e)
	}
	must(t, f.close())
	stream, err := os.ReadFile(path)
	must(t, err)
	if size, err := chunkSize(stream); err != nil || size != len(stream) {
		t.Errorf("the first chunk has %d of %d bytes: %v", size, len(stream), err)
	}
	r := chunked.NewReader(bytes.NewReader(stream))
	r.SetStrict(true)
	chunk, err := r.Read()
	must(t, err)
	if !strings.Contains(string(chunk.Metadata), `"finished":true`) {
		t.Errorf("the only chunk is not the last: %s", chunk.Metadata)
	}
	rows, err := csv.NewReader(bytes.NewReader(chunk.Body)).ReadAll()
	must(t, err)
	want := [][]string{{"a", "b", "__mv_a", "__mv_b"}, {"1", "x,\"y\"\nz", "", ""}, {"", "ü", "", ""}, {"", "", "", ""}}
	if !slices.EqualFunc(rows, want, slices.Equal) {
		t.Errorf("%q, want %q", rows, want)
	}
}

// A file that lacks events would flatter whoever reads it.
func TestShortChunkFile(t *testing.T) {
	f := newChunkFile(filepath.Join(t.TempDir(), "chunks"), []string{"a"}, 2)
	f.add(map[string]string{"a": "1"})
	if f.close() == nil {
		t.Error("one event of two was written, and nobody minds")
	}
}

// A competitor that fails must not count as a fast one, and one that holds nothing
// must not be charged with what the benchmark holds.
func TestWholeRun(t *testing.T) {
	if _, _, err := wholeRun(".", "false"); err == nil {
		t.Error("a program that failed was measured")
	}
	held := bytes.Repeat([]byte{1}, 200<<20)
	c, out, err := wholeRun(".", "echo", "words")
	must(t, err)
	if string(out) != "words\n" || c.Wall <= 0 || c.Memory <= 0 || c.Memory > int64(len(held))/2 {
		t.Errorf("%q, %+v", out, c)
	}
	if _, err := copyThrough(held); err != nil {
		t.Error(err)
	}
	if _, err := search([]byte("no chunk"), nil, nil, "cat"); err == nil || !strings.Contains(err.Error(), "chunk header") {
		t.Errorf("cat is no search command: %v", err)
	}
}
