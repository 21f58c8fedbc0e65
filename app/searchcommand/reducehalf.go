package searchcommand

import (
	"errors"
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/plugins"
	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
)

// reduceHalf is the hunt itself. It needs all rows, so every chunk but the last is
// answered with nothing, and that as soon as it has been read in: the lanes are still
// at work on it while splunkd sends the next.
type reduceHalf struct {
	hunt engine.Engine
	feed *engine.Feed[*record.Piece]
}

// newReduceHalf starts a hunt. What does not fit into its memory goes to spillTo.
func newReduceHalf(o command.Options, opened *plugins.Opened, open command.OpenLookup, spillTo string) (half, error) {
	o, err := o.LoadLookups(open)
	if err != nil {
		return nil, err
	}
	baseline, err := engine.ReadBaseline(o, open)
	if err != nil {
		return nil, err
	}
	hunt, err := engine.Start(engine.Config{Options: o, Plugins: opened, SpillFolder: spillTo, Baseline: baseline})
	if err != nil {
		return nil, err
	}
	feed, err := engine.NewFeed(hunt, func(lane engine.Lane) func(*record.Piece) { return pieceReader(lane, hunt.Names()) })
	if err != nil {
		return nil, err
	}
	return &reduceHalf{hunt: hunt, feed: feed}, nil
}

// pieceReader returns what reads pieces with a lane.
func pieceReader(lane engine.Lane, names *record.Names) func(*record.Piece) {
	rows, rec := record.NewRows(), record.New(names)
	return func(piece *record.Piece) {
		rows.Open(piece)
		for rows.Next(rec) {
			_, _ = lane.Add(rec) // what is wrong with an event is in the ledger
		}
		if rows.Err() != nil {
			lane.AddMalformed()
		}
		piece.Free()
	}
}

func (r *reduceHalf) take(body io.Reader) error {
	return eachPiece(body, func(piece *record.Piece) error {
		r.feed.Send(piece)
		return nil
	})
}

func (r *reduceHalf) reply(finished bool) (reply chunked.Reply, err error) {
	if !finished {
		return reply, nil
	}
	if err := r.feed.Close(); err != nil {
		return reply, err
	}
	result, err := r.hunt.Finish()
	if err != nil {
		return reply, err
	}
	reply.Messages = toSplunk(result.Messages)
	reply.Body, err = sink.SplunkBody(result.Columns, result.Rows)
	return reply, err
}

// close may come in the midst of a search that was cancelled.
func (r *reduceHalf) close() error { return errors.Join(r.feed.Close(), r.hunt.Close()) }

func toSplunk(messages account.Messages) (out []chunked.Message) {
	for _, m := range messages {
		out = append(out, chunked.Message{Level: chunked.Level(m.Level), Text: m.Text})
	}
	return out
}
