package chunked

import (
	"bufio"
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

func TestKeyOrderOfReplies(t *testing.T) {
	note := &Inspector{Messages: []Message{{LevelWarn, "a <b> & \xff"}, {LevelError, "c"}}}
	for _, c := range []struct {
		reply any
		want  string
	}{
		{Info{Type: TypeReporting, RequiredFields: []string{"_time", "x"}, StreamingPreop: `c phase="map"`},
			`{"type":"reporting","required_fields":["_time","x"],"streaming_preop":"c phase=\"map\""}`},
		{Info{Type: TypeReporting, Inspector: note, Finished: true, Error: "no"},
			`{"type":"reporting","inspector":{"messages":[["WARN","a <b> & �"],["ERROR","c"]]},"finished":true,"error":"no"}`},
		{Result{}, `{"finished":false}`},
		{Result{Inspector: note, Finished: true, Error: "no"},
			`{"inspector":{"messages":[["WARN","a <b> & �"],["ERROR","c"]]},"finished":true,"error":"no"}`},
	} {
		got, err := json.Marshal(c.reply)
		if err != nil || string(got) != c.want {
			t.Errorf("got  %s, %v\nwant %s", got, err, c.want)
		}
	}
}

func TestParseReplies(t *testing.T) {
	info, err := ParseInfo([]byte(`{"streaming_preop":"sum phase=\"map\" x","type":"reporting","new":1,"inspector":{"messages":[["INFO","hi"]]}}`))
	want := Info{Type: TypeReporting, StreamingPreop: `sum phase="map" x`, Inspector: &Inspector{Messages: []Message{{LevelInfo, "hi"}}}}
	if err != nil || !reflect.DeepEqual(info, want) {
		t.Errorf("%+v, %v", info, err)
	}
	if info, err := ParseInfo([]byte(`{}`)); err != nil || info.Type != TypeStreaming {
		t.Errorf("default type: %+v, %v", info, err)
	}
	for meta, want := range map[string]string{
		`{"type":"eventing"}`: `invalid command type "eventing"`,
		`{"type":"reporting","inspector":{"messages":[["FATAL","x"]]}}`: `invalid level "FATAL"`,
		`{"type":"reporting","inspector":{"messages":[["INFO"]]}}`:      "1 strings",
		`{"type":"reporting","error":"x","inspector":{"messages":[]}}`:  "inspector comes after error",
		`[]`: "not a JSON object", ``: "not a JSON object", `{"type":`: "reading getinfo reply",
	} {
		if info, err := ParseInfo([]byte(meta)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v", meta, info, err)
		}
	}
	if r, err := ParseResult([]byte(`{"finished":true,"error":"x"}`)); err != nil || r != (Result{Finished: true, Error: "x"}) {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := ParseResult([]byte(`{"finished":true,"error":"x","inspector":{}}`)); err == nil {
		t.Error("an inspector after the error was accepted")
	}
}

func TestEachTextIsSentOnce(t *testing.T) {
	var box outbox
	box.add(Message{LevelInfo, "one"}, Message{LevelInfo, "one"}, Message{LevelWarn, "one"}, Message{"", ""}, Message{"CRITICAL", "two"})
	want := []Message{{LevelInfo, "one"}, {LevelError, "two"}}
	if got := box.take(); got == nil || !reflect.DeepEqual(got.Messages, want) {
		t.Errorf("got %v", got)
	}
	box.add(Message{LevelInfo, "two"}, Message{LevelInfo, "three\xff"}, Message{LevelInfo, "three\xfe"})
	if got := box.take(); got == nil || !reflect.DeepEqual(got.Messages, []Message{{LevelInfo, "three\uFFFD"}}) {
		t.Errorf("second time: %v", got)
	}
	if got := box.take(); got != nil {
		t.Errorf("from an empty box: %v", got)
	}
}

// counting counts the writes it gets, and fails from the one numbered bad on.
type counting struct {
	bytes.Buffer
	writes, bad int
	err         error
}

func (c *counting) Write(p []byte) (int, error) {
	if c.writes++; c.err != nil && c.writes >= c.bad {
		return 0, c.err
	}
	return c.Buffer.Write(p)
}

func TestWriterWritesEachChunkAtOnce(t *testing.T) {
	var dst counting
	w := NewWriter(&dst)
	for i, body := range []string{"", "a\né\n", strings.Repeat("x,y\n", 50000), ""} {
		if err := w.Write(Result{Finished: true}, []byte(body)); err != nil || dst.writes != i+1 {
			t.Fatalf("chunk %d: %d writes, %v", i, dst.writes, err)
		}
	}
	got := readAll(t, dst.Bytes())
	if len(got) != 4 || got[1] != (text{`{"finished":true}`, "a\né\n"}) || len(got[2].body) != 200000 {
		t.Errorf("read back %d chunks", len(got))
	}
	if !strings.HasPrefix(dst.String(), "chunked 1.0,17,0\n{\"finished\":true}chunked 1.0,17,5\n") {
		t.Errorf("wire: %.60q", dst.String())
	}
}

func TestWriterFlushesAndReportsErrors(t *testing.T) {
	var dst counting
	if err := NewWriter(bufio.NewWriter(&dst)).Write(Result{}, nil); err != nil || dst.writes != 1 {
		t.Errorf("%d writes, %v", dst.writes, err)
	}
	full := errors.New("disk full")
	if err := NewWriter(&counting{err: full}).Write(Result{}, nil); !errors.Is(err, full) {
		t.Errorf("write error: %v", err)
	}
	if err := NewWriter(bufio.NewWriter(&counting{err: full})).Write(Result{}, nil); !errors.Is(err, full) {
		t.Errorf("flush error: %v", err)
	}
	if err := NewWriter(&dst).Write(func() {}, nil); err == nil {
		t.Error("metadata that is no JSON: no error")
	}
}
