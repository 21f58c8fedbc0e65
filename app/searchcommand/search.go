// Package searchcommand is the hunt as a search command of Splunk: its reporting half on
// the search head, its streaming half wherever splunkd runs it.
package searchcommand

import (
	"errors"
	"io"
	"math"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql"
	"github.com/schtaskhunt/schtaskhunt/app/plugins"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Search is the hunt as a search command of Splunk: a chunked.StreamCommand. One program
// is both halves; which one a process is, its arguments say.
type Search struct {
	// AnnounceMap lets splunkd run the map half on the indexers. The reduce half
	// never needs it to have run.
	AnnounceMap bool
	// OpenLookup opens the lookup files that allow-lists name. It is called when rows
	// come, never by a process that only asks what the command is. Without it, an
	// allow-list that names one ends the search.
	OpenLookup command.OpenLookup
	// FindPlugins finds the plugins that mapper= and enrich= may name. Without it, the
	// options end the search.
	FindPlugins engine.FindPlugins

	plugins *plugins.Opened
	half    half
	make    func() (half, error)
}

// half is the part of a search that one process plays, made when rows come: splunkd
// starts processes that only ask what the command is.
type half interface {
	// take reads the rows of one chunk.
	take(body io.Reader) error
	// reply returns what goes back for the chunk just taken.
	reply(finished bool) (chunked.Reply, error)
	// close frees what the half holds.
	close() error
}

// GetInfo checks the arguments and says what Splunk should send.
func (s *Search) GetInfo(req chunked.Request) (chunked.Info, error) {
	o, err := command.Parse(req.SearchInfo.Args)
	if err != nil {
		return chunked.Info{Type: chunked.TypeReporting}, err
	}
	find := s.findFor(req.SearchInfo.DispatchDir)
	if o.Map {
		return s.mapInfo(o, find), nil
	}
	// A mapper says what fields its events have, so it has to be asked here already.
	if s.plugins, err = engine.OpenPlugins(o, find); err != nil {
		return chunked.Info{Type: chunked.TypeReporting}, err
	}
	info := chunked.Info{Type: chunked.TypeReporting, RequiredFields: requiredFields(o, s.plugins)}
	// The query needs events that the hunt drops, so its map half would be another one;
	// it has none.
	if s.AnnounceMap && o.Mode == command.ModeHunt {
		info.StreamingPreop = command.Preop(o, req.SearchInfo.Command)
	}
	if latest := req.SearchInfo.LatestTime; o.Now == event.NoTime && latest > 0 {
		o.Now = event.Time(math.Round(latest * float64(event.Second)))
	}
	dispatch := req.SearchInfo.DispatchDir // splunkd's own word, not the search's
	s.make = func() (half, error) { return newReduceHalf(o, s.plugins, s.OpenLookup, dispatch) }
	return info, nil
}

// findFor finds plugins for a search, whose folder tells its processes of those that
// took too long to start.
func (s *Search) findFor(dispatch string) engine.FindPlugins {
	if s.FindPlugins == nil {
		return nil
	}
	return func() (plugins.Installed, error) {
		in, err := s.FindPlugins()
		if err != nil {
			return in, err
		}
		return in.Remember(dispatch), nil
	}
}

// mapInfo sets up the map half. Where a mapper cannot be used, nobody can say which
// events it would have known: all are passed on then, for the reduce half has one. The
// plugins of the search head need not have come to an indexer.
func (s *Search) mapInfo(o command.Options, find engine.FindPlugins) chunked.Info {
	o.Enrich = nil // of no use here
	opened, err := engine.OpenPlugins(o, find)
	s.plugins = opened
	if err = errors.Join(err, opened.Err()); err != nil {
		s.make = func() (half, error) { return &passOn{why: err}, nil }
		return chunked.Info{Type: chunked.TypeStreaming, RequiredFields: []string{"*"}}
	}
	s.make = func() (half, error) { return newMapHalf(opened.Schemas(), o) }
	return chunked.Info{Type: chunked.TypeStreaming, RequiredFields: opened.Schemas().RequiredFields(o.Raw)}
}

func requiredFields(o command.Options, opened *plugins.Opened) []string {
	if o.Mode == command.ModeKQL {
		return kql.RequiredFields(o.Raw)
	}
	return opened.Schemas().RequiredFields(o.Raw)
}

// ExecuteFrom takes one chunk.
func (s *Search) ExecuteFrom(body io.Reader, _ int, finished bool) (reply chunked.Reply, err error) {
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

// Close frees what the search holds. Call it when splunkd has gone.
func (s *Search) Close() error {
	s.plugins.Close()
	if s.half == nil {
		return nil
	}
	return s.half.close()
}

// eachPiece reads the rows of a chunk in pieces.
func eachPiece(body io.Reader, fn func(*record.Piece) error) error {
	pieces := record.NewRowScanner(body)
	for {
		piece, err := pieces.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := fn(piece); err != nil {
			return err
		}
	}
}
