// Package engine is what reads events and returns rows, whatever feeds it: the hunt, or
// the original KQL query.
package engine

import (
	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/hunt"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Engine is a mode of hunting as those see it who feed it: the hunt, or the original
// KQL query. Add every event, in any order and over any number of lanes, then call
// Finish once and Close.
type Engine interface {
	// Names is what the records given to Add must be made over.
	Names() *record.Names
	// Lane returns a new lane. Lanes are made by one goroutine and then fed by as many
	// as there are lanes.
	Lane() (Lane, error)
	// Finish hunts, after all lanes are done. It fails when what was put aside for want
	// of memory could not be written or read.
	Finish() (account.Result, error)
	// Close frees what was put aside. It may be called at any time, and again.
	Close() error
}

// Lane reads events for an engine. It is for one goroutine; which lane an event goes
// through has no part in the result.
type Lane interface {
	// Add reads one event. The error says what is wrong with it, if anything is; the
	// engine goes on in any case.
	Add(rec *record.Record) (event.Kind, error)
	// AddText is Add for the text of an event that stands alone, as in a file: what is
	// no event in any shape is Malformed there. text is not kept.
	AddText(text []byte) (event.Kind, error)
	// AddMalformed counts an event that could not even be split into fields.
	AddMalformed()
}

// Config is what an engine is made of: see hunt.Config.
type Config = hunt.Config

// RowsAgain reads rows again that were read before: see hunt.Config.
type RowsAgain = hunt.RowsAgain

// Start returns the engine that the options ask for, and makes the process keep within
// the memory that they allow.
func Start(c Config) (Engine, error) {
	if c.Options.Mode == command.ModeKQL {
		return newQuery(c.Options)
	}
	h, err := hunt.New(c)
	if err != nil {
		return nil, err
	}
	h.KeepWithin()
	return huntEngine{h}, nil
}

// huntEngine is the hunt as an Engine.
type huntEngine struct{ *hunt.Hunt }

// Lane implements Engine.
func (h huntEngine) Lane() (Lane, error) { return h.Hunt.Lane() }
