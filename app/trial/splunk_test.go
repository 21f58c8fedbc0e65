package trial_test

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

// session is one process of the search command, run in this one: what splunkd sent
// and what came back.
type session struct {
	infoMetadata map[string]any // more keys of searchinfo
	bodies       [][]byte       // of execute requests, the last one marked finished
	noMap        bool
	list         string // of indicators, for enrich=lists

	info     reply
	replies  []reply
	received []byte
}

type reply struct {
	Type           string   `json:"type"`
	RequiredFields []string `json:"required_fields"`
	StreamingPreop string   `json:"streaming_preop"`
	Finished       bool     `json:"finished"`
	Error          string   `json:"error"`
	Inspector      struct {
		Messages [][2]string `json:"messages"`
	} `json:"inspector"`

	body []byte
}

type sessionOption func(*session)

func withBodies(bodies ...[]byte) sessionOption { return func(s *session) { s.bodies = bodies } }
func withInfo(key string, value any) sessionOption {
	return func(s *session) { s.infoMetadata[key] = value }
}
func withoutMap() sessionOption { return func(s *session) { s.noMap = true } }

// serve runs the search command through Splunk's chunked protocol.
func serve(t testing.TB, args []string, options ...sessionOption) session {
	t.Helper()
	s := session{infoMetadata: map[string]any{"args": args, "raw_args": args, "command": "schtaskhunt",
		"sid": "1.1", "session_key": sessionKey}}
	for _, o := range options {
		o(&s)
	}
	var in, out bytes.Buffer
	s.send(t, &in)
	if err := chunked.ServeStream(&in, &out, &searchcommand.Search{AnnounceMap: !s.noMap, FindPlugins: findInside(s.list)}); err != nil {
		t.Fatalf("serving %q: %v", args, err)
	}
	s.received = bytes.Clone(out.Bytes())
	if bytes.Contains(s.received, []byte(sessionKey)) {
		t.Errorf("%q: the session key came back", args)
	}
	s.read(t, &out)
	return s
}

func (s *session) send(t testing.TB, in io.Writer) {
	t.Helper()
	w := chunked.NewWriter(in)
	err := w.Write(map[string]any{"action": "getinfo", "preview": false, "searchinfo": s.infoMetadata}, nil)
	for i, body := range s.bodies {
		err = errors.Join(err, w.Write(map[string]any{"action": "execute", "finished": i == len(s.bodies)-1}, body))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (s *session) read(t testing.TB, out io.Reader) {
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
		reply := reply{body: bytes.Clone(chunk.Body)}
		if err := json.Unmarshal(chunk.Metadata, &reply); err != nil {
			t.Fatalf("reply %d: %v in %s", i, err, chunk.Metadata)
		}
		if i == 0 {
			s.info = reply
		} else {
			s.replies = append(s.replies, reply)
		}
	}
}

// outcome is what a reduce process gave, audited. One reply a request, rows with the
// last one only.
func (s session) outcome(t testing.TB) outcome {
	t.Helper()
	if s.info.Error != "" || len(s.replies) != len(s.bodies) {
		t.Fatalf("%d replies to %d requests, error %q", len(s.replies), len(s.bodies), s.info.Error)
	}
	var o outcome
	for i, r := range s.replies {
		if last := i == len(s.replies)-1; r.Error != "" || r.Finished != last || (!last && len(r.body) > 0) {
			t.Fatalf("reply %d of %d: finished %t, %d bytes, error %q", i+1, len(s.replies), r.Finished, len(r.body), r.Error)
		}
		for _, m := range r.Inspector.Messages {
			o.messages = append(o.messages, m[0]+" "+m[1])
		}
		o.text += string(r.body)
	}
	o.read(t)
	o.audit(t)
	return o
}

// read fills columns and rows from the outcome's own text.
func (o *outcome) read(t testing.TB) {
	t.Helper()
	table := readTable(t, []byte(o.text))
	n := len(table.header)
	for n > 0 && strings.HasPrefix(table.header[n-1], chunked.MVPrefix) {
		n-- // what Splunk alone needs stands last
	}
	o.columns = table.header[:n]
	header := row.NewHeader(o.columns)
	for _, r := range table.rows {
		checkMultivalue(t, table.header, r)
		o.rows = append(o.rows, header.Row(r[:n]))
	}
	body, err := sink.Body(o.columns, o.rows)
	if err != nil {
		t.Fatal(err)
	}
	o.text = string(body)
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

// mapped runs the map half over a table, in chunks, and returns the rows it passes on.
func mapped(t testing.TB, args string, events table, size int) (out []table) {
	t.Helper()
	run := serve(t, append([]string{"phase=map"}, strings.Fields(args)...), withBodies(events.chunks(t, size)...))
	if run.info.Type != "streaming" || len(run.replies) != len(run.bodies) {
		t.Fatalf("map half is %q, gave %d replies to %d requests", run.info.Type, len(run.replies), len(run.bodies))
	}
	for _, r := range run.replies {
		if r.Error != "" {
			t.Fatalf("map half: %s", r.Error)
		}
		if len(r.body) > 0 {
			out = append(out, readTable(t, r.body))
		}
	}
	return out
}

// searched runs the reduce half over chunks that may have headers of their own.
func searched(t testing.TB, args string, chunks ...table) outcome {
	t.Helper()
	asked := serve(t, strings.Fields(args)).info.RequiredFields
	var bodies [][]byte
	for _, c := range chunks {
		bodies = append(bodies, c.only(asked).body(t))
	}
	if bodies == nil {
		bodies = [][]byte{nil}
	}
	run := serve(t, strings.Fields(args), withBodies(bodies...))
	return run.outcome(t)
}
