package spl

import (
	"fmt"
	"slices"
	"time"
)

// World is what a search finds around itself.
type World struct {
	Now time.Time
	// Lookups are tables by the names of their stanzas. outputlookup writes them.
	Lookups map[string][]Row
	// Columns are the fields that a lookup keeps (transforms.conf, fields_list); without
	// an entry it keeps all.
	Columns map[string][]string
	// Collected is what collect wrote, by index.
	Collected map[string][]Row
	// Commands are search commands of apps: they get the text behind their name.
	Commands map[string]func(text string, rows []Row) ([]Row, error)
}

// run is one search that runs.
type run struct {
	world *World
}

// Run runs the commands of a search over rows, which it does not change, and returns what
// comes out. A command that is only read, as one that Splunk's charts are made by, and an
// error in an expression end it; the error names the command.
func (s Search) Run(w *World, rows []Row) ([]Row, error) {
	r := &run{world: w}
	for i, c := range s.Commands {
		next, err := r.step(c, rows)
		if err != nil {
			return nil, fmt.Errorf("command %d, | %s: %w", i+1, shorten(c.Name+" "+c.Text), err)
		}
		rows = next
	}
	return rows, nil
}

func (r *run) step(c Command, rows []Row) ([]Row, error) {
	if own, there := r.world.Commands[c.Name]; there {
		return own(c.Text, rows)
	}
	if c.run == nil {
		return nil, fmt.Errorf("%s is read here and not run", c.Name)
	}
	return c.run(r, rows)
}

// Runs tells whether all of a search can be run here: of app commands, those that are
// named.
func (s Search) Runs(own ...string) bool {
	for _, c := range s.Commands {
		if c.run == nil && !slices.Contains(own, c.Name) {
			return false
		}
	}
	return true
}
