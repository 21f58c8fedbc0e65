package app

import (
	"math"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
)

// Search is the hunt as a search command of Splunk: a chunked.Command. One program
// is both halves; which one a process is, its arguments say.
type Search struct {
	// AnnounceMap lets splunkd run the map half on the indexers. The reduce half
	// never needs it to have run.
	AnnounceMap bool
	// OpenLookup opens the lookup files that allow-lists name. It is called when rows
	// come, never by a process that only asks what the command is. Without it, an
	// allow-list that names one ends the search.
	OpenLookup command.OpenLookup

	half half
	make func() (half, error)
}

// half is the part of a search that one process plays, made when rows come: splunkd
// starts processes that only ask what the command is.
type half interface {
	// take reads the rows of one chunk.
	take(body []byte) error
	// reply returns what goes back for the chunk just taken.
	reply(finished bool) (chunked.Reply, error)
}

// GetInfo checks the arguments and says what Splunk should send.
func (s *Search) GetInfo(req chunked.Request) (chunked.Info, error) {
	o, err := command.Parse(req.SearchInfo.Args)
	if err != nil {
		return chunked.Info{Type: chunked.TypeReporting}, err
	}
	if o.Map {
		s.make = newMapHalf
		return chunked.Info{Type: chunked.TypeStreaming, RequiredFields: schema.RequiredFields(o.Raw)}, nil
	}
	info := chunked.Info{Type: chunked.TypeReporting, RequiredFields: requiredFields(o)}
	// The query needs events that the hunt drops, so its map half would be another one;
	// it has none.
	if s.AnnounceMap && o.Mode == command.ModeHunt {
		info.StreamingPreop = command.Preop(o, req.SearchInfo.Command)
	}
	if latest := req.SearchInfo.LatestTime; o.Now == event.NoTime && latest > 0 {
		o.Now = event.Time(math.Round(latest * float64(event.Second)))
	}
	s.make = func() (half, error) { return newReduceHalf(o, s.OpenLookup) }
	return info, nil
}

func requiredFields(o command.Options) []string {
	if o.Mode == command.ModeKQL {
		return kql.RequiredFields(o.Raw)
	}
	return schema.RequiredFields(o.Raw)
}

// Execute takes one chunk.
func (s *Search) Execute(body []byte, finished bool) (reply chunked.Reply, err error) {
	if s.half == nil {
		if s.half, err = s.make(); err != nil {
			return reply, err
		}
	}
	if err := s.half.take(body); err != nil {
		return reply, err
	}
	return s.half.reply(finished)
}

// reduceHalf is the hunt itself. It needs all rows, so every chunk but the last is
// answered with nothing.
type reduceHalf struct {
	hunt Engine
	lane Lane
	rows *record.Rows
	rec  *record.Record
}

func newReduceHalf(o command.Options, open command.OpenLookup) (half, error) {
	o, err := o.LoadLookups(open)
	if err != nil {
		return nil, err
	}
	hunt, err := Start(o)
	if err != nil {
		return nil, err
	}
	lane, err := hunt.Lane()
	if err != nil {
		return nil, err
	}
	return &reduceHalf{hunt: hunt, lane: lane, rows: record.NewRows(), rec: record.New(hunt.Names())}, nil
}

func (r *reduceHalf) take(body []byte) error {
	if err := r.rows.Reset(body); err != nil {
		return err
	}
	for r.rows.Next(r.rec) {
		_, _ = r.lane.Add(r.rec) // what is wrong with an event is in the ledger
	}
	if r.rows.Err() != nil {
		r.lane.AddMalformed()
	}
	return nil
}

func (r *reduceHalf) reply(finished bool) (reply chunked.Reply, err error) {
	if !finished {
		return reply, nil
	}
	result, err := r.hunt.Finish()
	if err != nil {
		return reply, err
	}
	reply.Messages = toSplunk(result.Messages)
	reply.Body, err = sink.Body(result.Columns, result.Rows)
	return reply, err
}

func toSplunk(messages []Message) (out []chunked.Message) {
	for _, m := range messages {
		out = append(out, chunked.Message{Level: chunked.Level(m.Level), Text: m.Text})
	}
	return out
}
