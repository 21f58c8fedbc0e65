package kql

import (
	"hash/maphash"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
	"github.com/schtaskhunt/schtaskhunt/app/kql/read"
	"github.com/schtaskhunt/schtaskhunt/app/kql/write"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Query is one run of the query. Add every event, in any order, through as many lanes
// as there are goroutines to read them; then call Finish once. It does not matter which
// lane an event takes.
type Query struct {
	options Options
	chunks  *keep.Chunks
	seed    maphash.Seed // of all hashes, so that those of different lanes compare
	lanes   []*Lane
	own     *Lane // of Add and AddText
}

// New returns a query that has seen nothing. Start from Default for its own constants.
func New(o Options) *Query {
	if o.MaxPaths <= 0 {
		o.MaxPaths = DefaultMaxPaths
	}
	return &Query{options: o, chunks: &keep.Chunks{}, seed: maphash.MakeSeed()}
}

// Lane takes the events that one goroutine reads.
type Lane = read.Lane

// Lane opens a lane. Open all lanes before the first event is added, and add no event
// once Finish is called; the query is not safe for concurrent use, its lanes are, each
// by one goroutine.
func (q *Query) Lane() *Lane {
	o := &q.options
	l := read.NewLane(&o.Conditions, keep.NewWindow(o.Now, o.Lookback, o.Recent), keep.NewTexts(q.chunks, q.seed))
	q.lanes = append(q.lanes, l)
	return l
}

// Add is Lane.Add on a lane that the query has for those who read events one by one.
func (q *Query) Add(rec *record.Record) (event.Kind, error) { return q.ownLane().Add(rec) }

// AddText is Lane.AddText on the same lane as Add.
func (q *Query) AddText(text []byte) (event.Kind, error) { return q.ownLane().AddText(text) }

func (q *Query) ownLane() *Lane {
	if q.own == nil {
		q.own = q.Lane()
	}
	return q.own
}

// Names returns the set of fields that a record must be made over.
func Names() *record.Names { return read.Names() }

// Columns returns the names of the columns that Finish returns: all, or the 27 that tell
// rows apart and that a hunter reads.
func Columns(all bool) []string { return write.Names(all) }

// UsesSysmon reports whether the query reads Sysmon's events of an id.
func UsesSysmon(id string) bool { return read.UsesSysmon(id) }

// RequiredFields returns what to ask Splunk for. Without raw, the events' own texts
// are left out.
func RequiredFields(raw bool) []string { return read.RequiredFields(raw) }
