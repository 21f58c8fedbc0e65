package schema

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// fields is an event as Splunk hands it over: field names and values, the text of the
// event under _raw.
type fields map[string]string

// facts is what the reader made of an event, by name; absent facts are left out.
type facts map[string]string

func text(raw string) fields { return fields{Raw: raw} }

// with returns a copy with some fields changed; an empty value takes a field away.
func (f fields) with(pairs ...string) fields { return changed(f, pairs) }

// with is the same for facts.
func (f facts) with(pairs ...string) facts { return changed(f, pairs) }

func changed[M ~map[string]string](m M, pairs []string) M {
	m = maps.Clone(m)
	for i := 0; i < len(pairs); i += 2 {
		if m[pairs[i]] = pairs[i+1]; pairs[i+1] == "" {
			delete(m, pairs[i])
		}
	}
	return m
}

// record makes the record that the reader is given.
func (f fields) record() *record.Record {
	rec := record.New(Names())
	for _, name := range slices.Sorted(maps.Keys(f)) {
		rec.Set(Names().Slot(name), []byte(f[name]))
	}
	return rec
}

// reading is a reader with its store.
type reading struct {
	*Reader
	store *event.Store
}

func newReading(t testing.TB) *reading {
	t.Helper()
	store := event.NewStore()
	r, err := NewReader(store)
	if err != nil {
		t.Fatal(err)
	}
	return &reading{r, store}
}

// read reads one event and returns its kind and facts.
func (r *reading) read(f fields) (event.Kind, facts) { return r.readRecord(f.record()) }

func (r *reading) readRecord(rec *record.Record) (event.Kind, facts) {
	s := r.store
	s.Processes, s.Ends, s.Connections, s.Tasks = s.Processes[:0], s.Ends[:0], s.Connections[:0], s.Tasks[:0]
	s.Installations = s.Installations[:0]
	kind := r.Read(rec)
	found := facts{}
	switch {
	case len(s.Processes) == 1:
		found.process(s, &s.Processes[0])
	case len(s.Ends) == 1:
		found.source(s, &s.Ends[0].Source)
		found.ref(s, "", &s.Ends[0].Self)
	case len(s.Connections) == 1:
		found.connection(s, &s.Connections[0])
	case len(s.Tasks) == 1:
		found.task(s, &s.Tasks[0])
	case len(s.Installations) == 1:
		found.installation(s, &s.Installations[0])
	}
	maps.DeleteFunc(found, func(_, v string) bool { return v == "" })
	return kind, found
}

func (f facts) source(s *event.Store, from *event.Source) {
	f["device"], f["device name"] = s.Symbols.String(from.Device), s.Symbols.String(from.DeviceName)
	f["time"], f["record"] = stamp(from.Time), number(from.Record)
}

func (f facts) ref(s *event.Store, of string, r *event.Ref) {
	f[of+"id"], f[of+"pid"], f[of+"created"] = r.IDText(s.Symbols), number(uint64(r.PID)), stamp(r.Created)
	f[of+"name"], f[of+"path"] = s.Symbols.String(r.Name), s.Symbols.String(r.Path)
	f[of+"command"] = s.Symbols.String(r.Command)
	if r.Unique {
		f[of+"unique"] = "yes"
	}
}

func (f facts) process(s *event.Store, p *event.Process) {
	f.source(s, &p.Source)
	f.ref(s, "", &p.Self)
	f.ref(s, "parent ", &p.Parent)
	f.ref(s, "grandparent ", &p.Grandparent)
	f["user"], f["hash"] = s.Symbols.String(p.User), s.Symbols.String(p.Hash)
}

func (f facts) connection(s *event.Store, c *event.Connection) {
	f.source(s, &c.Source)
	f.ref(s, "", &c.Self)
	f.ref(s, "parent ", &c.Parent)
	f["user"], f["hash"], f["stamp"] = s.Symbols.String(c.User), s.Symbols.String(c.Hash), stamp(c.Stamp)
	f["remote"], f["local"] = address(c.Remote), address(c.Local)
	f["remote port"], f["local port"] = number(uint64(c.RemotePort)), number(uint64(c.LocalPort))
	f["host"], f["url"] = s.Symbols.String(c.Host), s.Symbols.String(c.URL)
	f["transport"], f["action"] = s.Symbols.String(c.Transport), s.Symbols.String(c.Action)
	f["answers"], f["direction"] = s.Symbols.String(c.Answers), c.Direction.String()
	if c.Lookup {
		f["lookup"] = "yes"
	}
	if c.Weight != 1 {
		f["weight"] = fmt.Sprint(c.Weight)
	}
}

func stamp(t event.Time) string {
	if t == event.NoTime {
		return ""
	}
	return t.Std().Format("2006-01-02T15:04:05.9999999Z")
}

func number(n uint64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(n, 10)
}

func address(a event.Address) string {
	if a.IsZero() {
		return ""
	}
	return a.Addr().String()
}

// kindNames are for messages.
var kindNames = map[event.Kind]string{
	event.Other: "other", event.Malformed: "malformed", event.ProcessStart: "process start",
	event.ProcessEnd: "process end", event.NetworkConnection: "connection", event.NameLookup: "lookup",
	event.TaskEvent: "task", event.InstallationEvent: "installation",
}

func checkKind(t *testing.T, got, want event.Kind) {
	t.Helper()
	if got != want {
		t.Errorf("kind is %q, want %q", kindNames[got], kindNames[want])
	}
}

// checkFacts compares all facts, those that should not be there too.
func checkFacts(t *testing.T, got, want facts) {
	t.Helper()
	for name, v := range want {
		if got[name] != v {
			t.Errorf("%s is %q, want %q", name, got[name], v)
		}
	}
	for name, v := range got {
		if _, wanted := want[name]; !wanted {
			t.Errorf("%s is %q, want none", name, v)
		}
	}
}

// checkEvent reads one event and compares everything.
func checkEvent(t *testing.T, f fields, kind event.Kind, want facts) {
	t.Helper()
	got, found := newReading(t).read(f)
	checkKind(t, got, kind)
	checkFacts(t, found, want.needed(kind))
}

// needed leaves out what Sysmon's events about a running process need not tell of it,
// where they are identified.
func (f facts) needed(kind event.Kind) facts {
	if kind == event.ProcessStart || kind == event.TaskEvent || kind == event.InstallationEvent || f["id"] == "" || f["record"] == "" || f["unique"] != "" {
		return f
	}
	return f.with("name", "", "path", "", "user", "")
}

// dataset returns the path of a file of real telemetry that lies beside the checkout,
// and skips the test where there is none: the data are not ours to ship.
func dataset(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "datasets", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no real telemetry beside the checkout: %v", err)
	}
	return path
}
