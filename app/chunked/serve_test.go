package chunked

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
)

// script is a command made of a fixed Info and a function.
type script struct {
	info    Info
	err     error
	boom    any // what GetInfo panics with
	execute func(body []byte, finished bool) (Reply, error)
	asked   []Request
}

func (s *script) GetInfo(req Request) (Info, error) {
	s.asked = append(s.asked, req)
	if s.boom != nil {
		panic(s.boom)
	}
	return s.info, s.err
}

func (s *script) Execute(body []byte, finished bool) (Reply, error) { return s.execute(body, finished) }

// counter is the smallest reporting command: it counts lines and tells at the end.
func counter() *script {
	lines := 0
	return &script{
		info: Info{Type: TypeReporting, RequiredFields: []string{"a"}},
		execute: func(body []byte, finished bool) (Reply, error) {
			lines += max(0, bytes.Count(body, []byte("\n"))-1)
			if !finished {
				return Reply{}, nil
			}
			e := NewEncoder([]string{"count"})
			_ = e.Row(strings.Repeat("I", lines))
			return Reply{Body: e.Bytes(), Messages: []Message{{LevelInfo, "done"}}}, nil
		},
	}
}

var (
	getinfo = frame(`{"action":"getinfo","preview":false,"searchinfo":{"sid":"1.2","args":["x"]}}`, "")
	more    = frame(`{"action":"execute","finished":false}`, "a\n1\n2\n")
	last    = frame(`{"action":"execute","finished":true}`, "a\n3\n")
)

const counterInfo = `{"type":"reporting","required_fields":["a"]}`

func TestServeSessions(t *testing.T) {
	failing := func(err error) func() *script {
		return func() *script {
			c := counter()
			c.execute = func([]byte, bool) (Reply, error) {
				return Reply{Messages: []Message{{LevelWarn, "careful"}}, Body: []byte("rows\n")}, err
			}
			return c
		}
	}
	refusing := func() *script {
		return &script{info: Info{Type: TypeReporting, RequiredFields: []string{"a"}}, err: errors.New("unknown option x=1: \xff")}
	}
	done := text{`{"inspector":{"messages":[["INFO","done"]]},"finished":true}`, "count\nIII\n"}
	for _, c := range []struct {
		name  string
		input string
		cmd   func() *script
		want  []text
		err   string
	}{
		{"nothing", "", counter, nil, ""},
		{"blank lines only", "\n\r\n", counter, nil, ""},
		{"torn before getinfo's end", getinfo[:len(getinfo)-1], counter, []text{{`{"finished":true,"error":"protocol error: the input ends within the ` +
			`getinfo request, which has to come whole: reading chunk metadata of 76 bytes: unexpected EOF"}`, ""}}, "ends within the getinfo request"},
		{"torn in the first header", "\nchunked 1.0,8", counter, nil, "reading chunk header: unexpected EOF"},
		{"torn in getinfo's body", "chunked 1.0,20,9\n{\"action\":\"getinfo\"}rows", counter, nil, "reading chunk body of 9 bytes: unexpected EOF"},
		{"getinfo only", getinfo, counter, []text{{counterInfo, ""}}, ""},
		{"whole", getinfo + more + last, counter, []text{{counterInfo, ""}, {`{"finished":false}`, ""}, done}, ""},
		{"cancelled between chunks", getinfo + more, counter, []text{{counterInfo, ""}, {`{"finished":false}`, ""}}, ""},
		{"cancelled in a chunk", getinfo + more[:40], counter, []text{{counterInfo, ""}}, ""},
		{"no body at all", getinfo + frame(`{"action":"execute","finished":true}`, ""), counter,
			[]text{{counterInfo, ""}, {done.meta, "count\n\"\"\n"}}, ""},
		{"header row only", getinfo + frame(`{"action":"execute","finished":true}`, "a\n"), counter,
			[]text{{counterInfo, ""}, {done.meta, "count\n\"\"\n"}}, ""},
		{"refused at getinfo", getinfo + more + last, refusing, []text{{`{"type":"reporting","finished":true,"error":"unknown option x=1: �"}`, ""}}, ""},
		{"failed at execute", getinfo + more + last, failing(errors.New("too bad")),
			[]text{{counterInfo, ""}, {`{"inspector":{"messages":[["WARN","careful"]]},"finished":true,"error":"too bad"}`, ""}}, ""},
		{"error without text", getinfo + last, failing(errors.New("")),
			[]text{{counterInfo, ""}, {`{"inspector":{"messages":[["WARN","careful"]]},"finished":true,"error":"unknown error"}`, ""}}, ""},
		{"default type", getinfo, func() *script { return &script{} }, []text{{`{"type":"streaming"}`, ""}}, ""},
		{"refused with a message", getinfo + last, func() *script {
			note := &Inspector{Messages: []Message{{LevelWarn, "hint"}, {LevelWarn, "hint"}}}
			return &script{info: Info{Type: TypeReporting, Inspector: note}, err: errors.New("no")}
		}, []text{{`{"type":"reporting","inspector":{"messages":[["WARN","hint"]]},"finished":true,"error":"no"}`, ""}}, ""},
		{"error in the info", getinfo + last, func() *script { return &script{info: Info{Type: TypeEvents, Error: "no"}} },
			[]text{{`{"type":"events","finished":true,"error":"no"}`, ""}}, ""},
		{"execute first", last, counter,
			[]text{{`{"finished":true,"error":"protocol error: \"execute\" request before getinfo"}`, ""}}, "before getinfo"},
		{"getinfo twice", getinfo + getinfo + last, counter,
			[]text{{counterInfo, ""}, {`{"finished":true,"error":"protocol error: \"getinfo\" request after getinfo: only execute may follow"}`, ""}}, "only execute"},
		{"rows after the last", getinfo + last + last, counter,
			[]text{{counterInfo, ""}, {done.meta, "count\nI\n"}, {`{"finished":true,"error":"protocol error: \"execute\" request after the last execute request"}`, ""}}, "after the last"},
		{"unknown action", frame(`{"action":"dance"}`, ""), counter,
			[]text{{`{"finished":true,"error":"protocol error: \"dance\" request before getinfo"}`, ""}}, "dance"},
		{"metadata that is none", frame(`hello`, ""), counter, nil, "reading request metadata"},
		{"garbage", "_time,host\n1,2\n", counter,
			[]text{{`{"finished":true,"error":"protocol error: not a chunk header: \"_time,host\\n\"; want \"chunked 1.0,<metadata length>,<body length>\""}`, ""}}, "not a chunk header"},
		{"garbage without a line end", "garbage", counter, nil, "not a chunk header"},
		{"garbage after getinfo", getinfo + "oops\n", counter, nil, "not a chunk header"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var whole, dribbled bytes.Buffer
			err := Serve(strings.NewReader(c.input), &whole, c.cmd())
			if (c.err == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want %q", err, c.err)
			}
			got := readAll(t, whole.Bytes())
			if c.want != nil && len(got) != len(c.want) || c.want == nil && c.err == "" && len(got) != 0 {
				t.Fatalf("replies %q", got)
			}
			for i, want := range c.want {
				if got[i] != want {
					t.Errorf("reply %d\ngot  %q\nwant %q", i, got[i], want)
				}
			}
			_ = Serve(iotest.OneByteReader(strings.NewReader(c.input)), &dribbled, c.cmd())
			if !bytes.Equal(whole.Bytes(), dribbled.Bytes()) {
				t.Errorf("byte by byte the output is %q", dribbled.Bytes())
			}
			checkStreamed(t, c.input, c.cmd, whole.Bytes(), err)
		})
	}
}

func TestServePassesTheRequestOn(t *testing.T) {
	cmd := counter()
	if err := Serve(strings.NewReader(getinfo), io.Discard, cmd); err != nil {
		t.Fatal(err)
	}
	if len(cmd.asked) != 1 || cmd.asked[0].SearchInfo.SID != "1.2" || cmd.asked[0].SearchInfo.Args[0] != "x" {
		t.Errorf("GetInfo got %+v", cmd.asked)
	}
}

func TestServeSurvivesPanics(t *testing.T) {
	inExecute := counter()
	inExecute.execute = func(body []byte, _ bool) (Reply, error) { return Reply{Body: body[1000:]}, nil }
	inGetInfo := &script{boom: errors.New(strings.Repeat("é", 1000))}
	for name, c := range map[string]struct {
		cmd  *script
		want string
	}{
		"execute": {inExecute, `{"finished":true,"error":"internal error: runtime error: slice bounds out of range`},
		"getinfo": {inGetInfo, `{"type":"streaming","finished":true,"error":"internal error: ééé`},
	} {
		var out bytes.Buffer
		err := Serve(strings.NewReader(getinfo+last), &out, c.cmd)
		var crash *PanicError
		if !errors.As(err, &crash) || !bytes.Contains(crash.Stack, []byte("serve_test.go")) {
			t.Errorf("%s: returned %v", name, err)
		}
		got := readAll(t, out.Bytes())
		meta := got[len(got)-1].meta
		if !strings.HasPrefix(meta, c.want) || len(meta) > 400 || strings.Contains(meta, "goroutine") || strings.Contains(meta, "\uFFFD") {
			t.Errorf("%s: told splunkd %s", name, meta)
		}
	}
}

func TestServeEndsQuietlyOnAClosedPipe(t *testing.T) {
	for name, closed := range map[string]error{"EPIPE": &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}, "closed": io.ErrClosedPipe, "file": os.ErrClosed} {
		for bad := 1; bad <= 3; bad++ {
			out := &counting{bad: bad, err: closed}
			if err := Serve(strings.NewReader(getinfo+more+last), out, counter()); err != nil || out.writes != bad {
				t.Errorf("%s at write %d: %v after %d writes", name, bad, err, out.writes)
			}
		}
	}
	if err := Serve(iotest.ErrReader(os.ErrClosed), io.Discard, counter()); err != nil {
		t.Errorf("closed input: %v", err)
	}
	full := errors.New("disk full")
	if err := Serve(strings.NewReader(getinfo), &counting{err: full}, counter()); !errors.Is(err, full) {
		t.Errorf("another write error: %v", err)
	}
	if err := Serve(iotest.ErrReader(full), io.Discard, counter()); !errors.Is(err, full) {
		t.Errorf("another read error: %v", err)
	}
}

// After an error chunk Serve takes in what splunkd still sends: a writer on a
// pipe without room must get through.
func TestServeDrainsAfterAnError(t *testing.T) {
	in, splunkd := io.Pipe()
	sent := make(chan error, 1)
	go func() {
		_, err := io.WriteString(splunkd, getinfo+more+strings.Repeat("more ", 1<<16))
		splunkd.Close()
		sent <- err
	}()
	cmd := &script{err: errors.New("no")}
	var out bytes.Buffer
	err := Serve(in, &out, cmd)
	in.Close() // whoever is still writing fails now
	if err != nil {
		t.Error(err)
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
}

// A splunkd that neither sends nor closes does not keep the process alive.
func TestServeGivesUpDraining(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the drain time in -short")
	}
	in, splunkd := io.Pipe()
	defer splunkd.Close()
	go func() { _, _ = io.WriteString(splunkd, getinfo) }()
	if err := Serve(in, io.Discard, &script{err: errors.New("no")}); err != nil {
		t.Fatal(err)
	}
}

// FuzzServe: whatever comes in, what goes out is whole chunks, at most one for
// each that came in and one for what was none.
func FuzzServe(f *testing.F) {
	f.Add([]byte(getinfo + more + last))
	f.Add([]byte(getinfo + "garbage\n"))
	f.Add([]byte(frame(`{"action":"getinfo","searchinfo":{"args":{}}}`, "x") + frame(`{"action":"execute"}`, "")))
	f.Fuzz(func(t *testing.T, data []byte) {
		var out bytes.Buffer
		err := Serve(bytes.NewReader(data), &out, counter())
		checkStreamed(t, string(data), counter, out.Bytes(), err)
		requests, _ := readFrom(bytes.NewReader(data))
		if replies := readAll(t, out.Bytes()); len(replies) > len(requests)+1 {
			t.Fatalf("%d replies to %d requests", len(replies), len(requests))
		}
	})
}
