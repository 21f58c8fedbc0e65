package standin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// events returns n rows, newest first, that hold all that CSV can trip over.
func events(n int) Config {
	cfg := Config{Header: []string{"_time", "a", "b"}}
	for i := range n {
		cfg.Rows = append(cfg.Rows, []string{fmt.Sprintf("%d.5", 2000000-i), fmt.Sprint("x, \"y\"\r\nz ", i), fmt.Sprint("b", i)})
	}
	return cfg
}

func runFake(t *testing.T, name string, cfg Config) (Result, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return runFakeWithin(ctx, t, name, cfg)
}

func runFakeWithin(ctx context.Context, t *testing.T, name string, cfg Config) (Result, error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dispatch := t.TempDir()
	t.Setenv("TMPDIR", dispatch)
	t.Setenv("TMP", dispatch)
	t.Setenv(fakeVariable, name)
	t.Setenv("GORACE", "atexit_sleep_ms=0") // the race detector makes each process wait a second
	cfg.Binary, cfg.Command = self, "fake"
	result, err := Run(ctx, cfg)
	if left, _ := os.ReadDir(dispatch); len(left) > 0 {
		t.Errorf("left behind in the temporary directory: %v", left)
	}
	return result, err
}

func TestCountOverChunks(t *testing.T) {
	for _, c := range []struct {
		rows, chunkRows, maxBytes int
		want                      string
	}{
		{0, 10, 0, "[0 1]"}, {1, 10, 0, "[1 1]"}, {10, 10, 0, "[10 1]"}, {11, 10, 0, "[11 2]"},
		{25, 1, 0, "[25 25]"}, {25, 0, 0, "[25 1]"}, {25, 10, 1, "[25 25]"},
	} {
		cfg := events(c.rows)
		cfg.ChunkRows, cfg.MaxChunkBytes = c.chunkRows, c.maxBytes
		got, err := runFake(t, "count", cfg)
		if err != nil || len(got.Rows) != 1 || fmt.Sprint(got.Rows[0]) != c.want {
			t.Errorf("%+v: %v, %v", c, got.Rows, err)
		}
		if got.RowsToReduce != c.rows || got.BytesToReduce == 0 || got.Error != "" || got.Stderr != "" {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

func TestEventsArriveUnchangedAndInOrder(t *testing.T) {
	cfg := events(7)
	cfg.ChunkRows = 3
	got, err := runFake(t, "echo", cfg)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"_time", "a", "b", "__mv__time", "__mv_a", "__mv_b"}
	if !slices.Equal(got.Header, want) || len(got.Rows) != 7 {
		t.Fatalf("header %q, %d rows", got.Header, len(got.Rows))
	}
	for i, row := range got.Rows {
		sent := slices.Clone(cfg.Rows[i])
		sent[1] = strings.ReplaceAll(sent[1], "\r\n", "\n") // by the encoding/csv of the fake
		if !slices.Equal(row, append(sent, "", "", "")) {
			t.Errorf("row %d: %q", i, row)
		}
	}
}

func TestMultivalueColumnsAreSentOnce(t *testing.T) {
	cfg := Config{Header: []string{"a", "__mv_a", "b"}, Rows: [][]string{{"1\n2", "$1$;$2$", "x"}}}
	got, err := runFake(t, "echo", cfg)
	if err != nil || !slices.Equal(got.Header, []string{"a", "b", "__mv_a", "__mv_b"}) || !slices.Equal(got.Rows[0], []string{"1\n2", "x", "$1$;$2$", ""}) {
		t.Errorf("%q %q, %v", got.Header, got.Rows, err)
	}
}

func TestSearchInfo(t *testing.T) {
	cfg := events(1)
	cfg.Args, cfg.RawArgs, cfg.LatestTime, cfg.ChunkRows = []string{"a=b c"}, []string{`a="b c"`}, 1700000000.5, 9
	got, err := runFake(t, "count", cfg)
	want := []Message{{"INFO", `args=["a=b c"] raw=["a=\"b c\""] search=search%20%2A%20%7C%20fake%20a%3D%22b%20c%22 latest=1.7000000005e+09 rows=9 dir=true`, "reduce"}}
	if err != nil || !reflect.DeepEqual(got.Messages, want) {
		t.Errorf("got  %q, %v\nwant %q", got.Messages, err, want)
	}
}

func TestOnlyRequiredFieldsAreSent(t *testing.T) {
	got, err := runFake(t, "fields", events(2))
	if err != nil || !slices.Equal(got.Header, []string{"_time", "b", "__mv__time", "__mv_b"}) || len(got.Rows) != 2 {
		t.Errorf("%q, %d rows, %v", got.Header, len(got.Rows), err)
	}
	if !slices.Equal(got.RequiredFields, []string{"b", "_time", "absent"}) {
		t.Errorf("required fields %q", got.RequiredFields)
	}
}

func TestMapHalf(t *testing.T) {
	cfg := events(60)
	cfg.Indexers, cfg.ChunkRows = 3, 7
	cfg.Rows[5][2], cfg.Rows[59][2] = "drop", "drop"
	cfg.Rows[3][0] = "" // no time: goes last
	got, err := runFake(t, "preop", cfg)
	if err != nil || got.Error != "" {
		t.Fatalf("%v %s", err, got.Error)
	}
	if !slices.Equal(got.Header, []string{"_time", "b", "seen", "__mv__time", "__mv_b", "__mv_seen"}) {
		t.Fatalf("header %q: the index column, the unasked a or a doubled __mv_ came through", got.Header)
	}
	var want []string
	for i, row := range cfg.Rows {
		if i != 3 && row[2] != "drop" {
			want = append(want, row[2])
		}
	}
	want = append(want, "b3")
	var b []string
	chunks := map[string]bool{}
	for _, row := range got.Rows {
		b = append(b, row[1])
		chunks[row[2]] = true
	}
	if !slices.Equal(b, want) {
		t.Errorf("rows came as %q\nwant          %q", b, want)
	}
	if !chunks["1:_chunked_idx _time b __mv__chunked_idx __mv__time __mv_b"] || len(chunks) < 2 {
		t.Errorf("the map half saw %v", chunks)
	}
	if got.RowsToReduce != 58 || got.BytesToIndexers == 0 || !strings.HasPrefix(got.Preop, "fake phase=map") {
		t.Errorf("%d rows, %d bytes, preop %q", got.RowsToReduce, got.BytesToIndexers, got.Preop)
	}
	var from []string
	for _, m := range got.Messages {
		from = append(from, m.From)
		if strings.HasPrefix(m.From, "indexer") && !strings.Contains(m.Text, `args=["phase=map" "text=a \"b\" c"] raw=["phase=map" "text=\"a \\\"b\\\" c\""] search=litsearch`) {
			t.Errorf("%s was asked %s", m.From, m.Text)
		}
	}
	if !slices.Equal(from, []string{"reduce", "indexer 1", "indexer 2", "indexer 3"}) {
		t.Errorf("messages from %q", from)
	}
}

func TestPreopIsLeftOutWithoutIndexers(t *testing.T) {
	got, err := runFake(t, "preop", events(5))
	if err != nil || got.Preop == "" || len(got.Rows) != 5 || slices.Contains(got.Header, "seen") || got.BytesToIndexers != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestStreamingCommand(t *testing.T) {
	cfg := events(4)
	cfg.ChunkRows = 2
	cfg.Rows[1][2] = "drop"
	got, err := runFake(t, "streaming", cfg)
	if err != nil || len(got.Rows) != 3 || got.Header[len(got.Header)-1] != "seen" {
		t.Errorf("%q %q, %v", got.Header, got.Rows, err)
	}
}

// What the command itself ends with is a result, not an error of the stand-in.
func TestCommandErrors(t *testing.T) {
	for name, want := range map[string]string{"refuse": "unknown option x=1", "fail": "too bad"} {
		cfg := events(5)
		cfg.ChunkRows = 2
		got, err := runFake(t, name, cfg)
		if err != nil || got.Error != want || got.Rows != nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if name == "fail" && !slices.Contains(got.Messages, Message{"WARN", "chunk 2", "reduce"}) {
			t.Errorf("messages %q", got.Messages)
		}
	}
	cfg := events(5)
	cfg.BinaryArgs = []string{"-panic"}
	got, err := runFake(t, "count", cfg)
	if err != nil || got.Error != "internal error: oh no" || !strings.Contains(got.Stderr, "oh no") {
		t.Errorf("panic: %+v, %v", got, err)
	}
	cfg = events(5)
	cfg.Indexers = 2
	got, err = runFake(t, "preop panics", cfg)
	if err != nil || got.Error != "internal error: map half" || got.RowsToReduce != 0 {
		t.Errorf("panic in the map half: %+v, %v", got, err)
	}
}

func TestMisbehaviourIsFound(t *testing.T) {
	for name, want := range map[string]string{
		"stray after getinfo":    `reduce: ... "x`,
		"stray line end":         `reduce: ... "\n`,
		"stray at the end":       `reduce: stray bytes on standard output after a reply: "\n"`,
		"two replies":            `reduce: ... repl`,
		"two replies at the end": `reduce: more than one reply to a request: "chunked 1.0`,
		"never finished":         "reduce: reply to execute request 3 says finished=false, the request finished=true",
		"says it twice":          `parser: message "again" was sent twice`,
		"finished at getinfo":    "parser: reply to getinfo says finished without an error",
		"body at getinfo":        "parser: reply to getinfo has a body of 2 bytes",
		"exit early":             "parser: waiting for the reply to getinfo: the process ended instead (exit status 3); stderr: cannot open my licence",
		"exit at the end":        "parser: after the last reply (exit status 4)",
		"banner":                 `parser: waiting for the reply to getinfo: not a chunk header: "welcome`,
		"early rows":             "reduce: reply to execute request 1: a reporting command answers with rows",
		"wrong type":             `parser: reading getinfo reply: invalid command type "eventing"`,
		"other preop":            `reduce: streaming_preop "fields _time": the stand-in can run no other command than fake`,
		"preop of wrong type":    `indexer 1: the streaming_preop is of type "stateful"`,
	} {
		cfg := events(6)
		cfg.ChunkRows, cfg.Indexers = 2, 2
		_, err := runFake(t, name, cfg)
		from, what, _ := strings.Cut(want, " ... ")
		if err == nil || !strings.HasPrefix(err.Error(), from) || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// cancelOn is a stderr that ends the context when a fake says that it hangs.
type cancelOn context.CancelFunc

func (cancel cancelOn) Write(p []byte) (int, error) {
	if strings.Contains(string(p), hanging) {
		cancel()
	}
	return len(p), nil
}

func TestContextEndsHangingCommands(t *testing.T) {
	for name, want := range map[string]string{
		"hang":            "parser: waiting for the reply to getinfo",
		"hang at the end": "parser: ",
		"hang at execute": "reduce: waiting for the reply to execute request 1",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		cfg := events(1)
		cfg.Stderr = cancelOn(cancel)
		_, err := runFakeWithin(ctx, t, name, cfg)
		cancel()
		if !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefusedConfigs(t *testing.T) {
	for _, c := range []struct {
		cfg  Config
		want string
	}{
		{Config{Binary: "/nonexistent/schtaskhunt"}, "starting parser: "},
		{Config{Header: []string{"a", "a"}}, `events have the column "a" twice`},
		{Config{Header: []string{"a"}, Rows: [][]string{{"1"}, {"1", "2"}}}, "event 2 has 2 columns, its header 1"},
	} {
		if _, err := Run(t.Context(), c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}
