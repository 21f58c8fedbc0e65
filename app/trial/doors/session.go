package doors

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/searchcommand"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
)

// sessionKey must never come back in anything.
const sessionKey = "s3cr3t^session^key"

// Session is one process of the search command, run in this one: what splunkd sent
// and what came back.
type Session struct {
	infoMetadata map[string]any // more keys of searchinfo
	Bodies       [][]byte       // of execute requests, the last one marked finished
	noMap        bool
	List         string // of indicators, for enrich=lists

	Info     Reply
	Replies  []Reply
	received []byte
}

// Reply is what came back to one request.
// Reply is what came back to one request.
type Reply struct {
	Type           string   `json:"type"`
	RequiredFields []string `json:"required_fields"`
	StreamingPreop string   `json:"streaming_preop"`
	Finished       bool     `json:"finished"`
	Error          string   `json:"error"`
	Inspector      struct {
		Messages [][2]string `json:"messages"`
	} `json:"inspector"`

	Body []byte `json:"-"`
}

// SessionOption sets something of a session.
type SessionOption func(*Session)

// WithBodies sends chunks.
func WithBodies(bodies ...[]byte) SessionOption { return func(s *Session) { s.Bodies = bodies } }

// WithInfo sends a further key of searchinfo.
func WithInfo(key string, value any) SessionOption {
	return func(s *Session) { s.infoMetadata[key] = value }
}

// WithoutMap is a search whose app announces no map half.
func WithoutMap() SessionOption { return func(s *Session) { s.noMap = true } }

// Serve runs the search command through Splunk's chunked protocol.
func Serve(t testing.TB, args []string, options ...SessionOption) Session {
	t.Helper()
	s := Session{infoMetadata: map[string]any{"args": args, "raw_args": args, "command": "schtaskhunt",
		"sid": "1.1", "session_key": sessionKey}}
	for _, o := range options {
		o(&s)
	}
	var in, out bytes.Buffer
	s.send(t, &in)
	if err := chunked.ServeStream(&in, &out, &searchcommand.Search{AnnounceMap: !s.noMap, FindPlugins: findInside(s.List)}); err != nil {
		t.Fatalf("serving %q: %v", args, err)
	}
	s.received = bytes.Clone(out.Bytes())
	if bytes.Contains(s.received, []byte(sessionKey)) {
		t.Errorf("%q: the session key came back", args)
	}
	s.read(t, &out)
	return s
}

func (s *Session) send(t testing.TB, in io.Writer) {
	t.Helper()
	w := chunked.NewWriter(in)
	err := w.Write(map[string]any{"action": "getinfo", "preview": false, "searchinfo": s.infoMetadata}, nil)
	for i, body := range s.Bodies {
		err = errors.Join(err, w.Write(map[string]any{"action": "execute", "finished": i == len(s.Bodies)-1}, body))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (s *Session) read(t testing.TB, out io.Reader) {
	t.Helper()
	r := chunked.NewReader(out)
	for i := 0; ; i++ {
		chunk, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("reading reply %d: %v", i, err)
		}
		reply := Reply{Body: bytes.Clone(chunk.Body)}
		if err := json.Unmarshal(chunk.Metadata, &reply); err != nil {
			t.Fatalf("reply %d: %v in %s", i, err, chunk.Metadata)
		}
		if i == 0 {
			s.Info = reply
		} else {
			s.Replies = append(s.Replies, reply)
		}
	}
}

// Outcome is what a reduce process gave, audited. One reply a request, rows with the
// last one only.
func (s Session) Outcome(t testing.TB) Outcome {
	t.Helper()
	if s.Info.Error != "" || len(s.Replies) != len(s.Bodies) {
		t.Fatalf("%d replies to %d requests, error %q", len(s.Replies), len(s.Bodies), s.Info.Error)
	}
	var o Outcome
	for i, r := range s.Replies {
		if last := i == len(s.Replies)-1; r.Error != "" || r.Finished != last || (!last && len(r.Body) > 0) {
			t.Fatalf("reply %d of %d: finished %t, %d bytes, error %q", i+1, len(s.Replies), r.Finished, len(r.Body), r.Error)
		}
		for _, m := range r.Inspector.Messages {
			o.Messages = append(o.Messages, m[0]+" "+m[1])
		}
		o.Text += string(r.Body)
	}
	o.Read(t)
	o.Audit(t)
	return o
}

// Read fills columns and rows from the outcome's own text.
func (o *Outcome) Read(t testing.TB) {
	t.Helper()
	table := ReadTable(t, []byte(o.Text))
	n := len(table.Header)
	for n > 0 && strings.HasPrefix(table.Header[n-1], chunked.MVPrefix) {
		n-- // what Splunk alone needs stands last
	}
	o.Columns = table.Header[:n]
	header := row.NewHeader(o.Columns)
	for _, r := range table.Rows {
		checkMultivalue(t, table.Header, r)
		o.Rows = append(o.Rows, header.Row(r[:n]))
	}
	body, err := sink.Body(o.Columns, o.Rows)
	if err != nil {
		t.Fatal(err)
	}
	o.Text = string(body)
}

// checkMultivalue fails when what tells Splunk a column's values is not its lines.
func checkMultivalue(t testing.TB, header, values []string) {
	t.Helper()
	for i, name := range header {
		column, is := strings.CutPrefix(name, chunked.MVPrefix)
		if !is {
			continue
		}
		told, err := chunked.DecodeMV([]byte(values[i]))
		text := values[slices.Index(header, column)]
		if err != nil || len(told) > 0 && strings.Join(told, "\n") != text || len(told) == 0 && strings.Contains(text, "\n") {
			t.Fatalf("%s is %q for %q (%v)", name, values[i], text, err)
		}
	}
}

// Mapped runs the map half over a table, in chunks, and returns the rows it passes on.
func Mapped(t testing.TB, args string, events Table, size int) (out []Table) {
	t.Helper()
	run := Serve(t, append([]string{"phase=map"}, strings.Fields(args)...), WithBodies(events.Chunks(t, size)...))
	if run.Info.Type != "streaming" || len(run.Replies) != len(run.Bodies) {
		t.Fatalf("map half is %q, gave %d replies to %d requests", run.Info.Type, len(run.Replies), len(run.Bodies))
	}
	for _, r := range run.Replies {
		if r.Error != "" {
			t.Fatalf("map half: %s", r.Error)
		}
		if len(r.Body) > 0 {
			out = append(out, ReadTable(t, r.Body))
		}
	}
	return out
}

// Searched runs the reduce half over chunks that may have headers of their own.
func Searched(t testing.TB, args string, chunks ...Table) Outcome {
	t.Helper()
	asked := Serve(t, strings.Fields(args)).Info.RequiredFields
	bodies := make([][]byte, 0, len(chunks)+1)
	for _, c := range chunks {
		bodies = append(bodies, c.Only(asked).Body(t))
	}
	if len(bodies) == 0 {
		bodies = append(bodies, nil)
	}
	run := Serve(t, strings.Fields(args), WithBodies(bodies...))
	return run.Outcome(t)
}
