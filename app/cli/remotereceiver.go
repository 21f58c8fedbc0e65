//go:build !noremote

package cli

import (
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// receiver hunts in the events that come from a server.
type receiver struct {
	options command.Options
	find    engine.FindPlugins
	engine  engine.Engine
	lane    engine.Lane
	rec     *record.Record
	long    int // results that were too long
	most    int // bytes that one may have
}

// Begin starts a hunt, and forgets the one before. Like in Splunk, the spans of the hunt
// count back from the search's latest time, unless now= says otherwise.
func (r *receiver) Begin(latest event.Time) (rec *record.Record, err error) {
	r.close()
	r.long = 0
	o := r.options
	if o.Now == event.NoTime {
		o.Now = latest
	}
	baseline, err := engine.ReadBaseline(o, openLookupFile) // each time anew: a hunt changes it
	if err != nil {
		return nil, err
	}
	opened, err := engine.OpenPlugins(o, r.find)
	if err != nil {
		return nil, err
	}
	if r.engine, err = engine.Start(engine.Config{Options: o, Plugins: opened, Door: account.Remote, Baseline: baseline}); err != nil {
		opened.Close()
		return nil, err
	}
	if r.lane, err = r.engine.Lane(); err != nil {
		return nil, err
	}
	r.rec = record.New(r.engine.Names())
	return r.rec, nil
}

// Take implements cloud.Receiver. What is wrong with an event is in the ledger.
func (r *receiver) Take() { _, _ = r.lane.Add(r.rec) }

// Malformed implements cloud.Receiver.
func (r *receiver) Malformed() { r.lane.AddMalformed() }

// TooLong implements cloud.LongReceiver.
func (r *receiver) TooLong(most int) {
	r.long++
	r.most = most
}

// warning says what was too long, "" for nothing.
func (r *receiver) warning() string {
	if r.long == 0 {
		return ""
	}
	return fmt.Sprintf("%s of more than %d MB each left out, and counted as malformed: leave out the events' own text with --raw f where the fields are extracted, or have the search leave such fields out",
		account.Plural(r.long, "result"), r.most>>20)
}

func (r *receiver) finish() (account.Result, error) { return r.engine.Finish() }

// close frees what the hunt holds. It may be called before Begin, and again.
func (r *receiver) close() {
	if r.engine != nil {
		_ = r.engine.Close() // what it put aside is temporary
	}
}
