package page

import (
	"cmp"
	"fmt"
	"unicode/utf8"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// What a report has of each finding at most. What is left out is said in it; rows in CSV
// and JSON have all.
const (
	mostContacts = 500
	mostRows     = 400  // of its best tree
	mostRuns     = 100  // named
	mostText     = 4000 // characters of a command line
)

// finding is a finding as the page's script reads it. Names are short: thousands of
// findings are read by a browser at once.
type finding struct {
	ID       string    `json:"i,omitempty"`
	Score    *float64  `json:"s,omitempty"`
	Label    string    `json:"l"`
	Process  string    `json:"p,omitempty"`
	Why      []part    `json:"w,omitempty"`
	Known    string    `json:"k,omitempty"`
	Folds    bool      `json:"o,omitempty"` // it is shown when Windows' own are asked for
	Devices  []string  `json:"d"`
	DeviceN  int       `json:"dn"`
	RunN     int       `json:"rn"`
	Runs     []run     `json:"r,omitempty"`
	Remotes  []remote  `json:"t,omitempty"`
	Cadence  string    `json:"e,omitempty"`
	Beacon   float64   `json:"b,omitempty"`
	Coverage []string  `json:"c,omitempty"`
	Intel    []string  `json:"v,omitempty"`
	First    float64   `json:"f,omitempty"`
	Last     float64   `json:"z,omitempty"`
	Tree     []line    `json:"x,omitempty"`
	TreeLeft int       `json:"xl,omitempty"` // rows that are not in Tree
	Creator  []line    `json:"y,omitempty"`  // the tree that registered the task
	Drawn    string    `json:"xd,omitempty"` // a tree that came as a drawing
	Contacts []contact `json:"a,omitempty"`
	Left     int       `json:"al,omitempty"` // contacts that are not in Contacts
}

type part struct {
	Name string  `json:"n,omitempty"`
	Bits float64 `json:"b"`
	Text string  `json:"t,omitempty"`
}

type run struct {
	Device string  `json:"d"`
	Start  float64 `json:"s,omitempty"`
	ID     string  `json:"i"`
}

type remote struct {
	Name  string `json:"n"`
	Text  string `json:"t,omitempty"` // where it differs from the name
	Count int    `json:"c,omitempty"`
}

// line is a row of a tree: a process at its depth, or a connection (depth 0).
type line struct {
	Depth int    `json:"d,omitempty"`
	Name  string `json:"n"`
	Text  string `json:"t,omitempty"`
	Intel string `json:"v,omitempty"` // what enrichers know of it
	Cause bool   `json:"q,omitempty"` // it is what made the process above start
}

// contact is a connection row on the time line: when, how often, with which remote.
type contact struct {
	First  float64 `json:"f"`
	Last   float64 `json:"l,omitempty"` // where it differs
	Count  int     `json:"c"`
	Remote int     `json:"r"`
}

func findingOf(f *view.Finding) finding {
	d := finding{
		ID: f.ID, Label: text(f.Label()), Known: f.Known, Folds: f.Folds(), Devices: texts(f.Devices), DeviceN: f.DeviceCount, RunN: f.RunCount,
		Cadence: f.Beacon.Cadence(), Beacon: f.Beacon.Score, Coverage: texts(f.Coverage), Intel: texts(f.Intel), First: f.First, Last: f.Last,
	}
	if f.Process != f.Label() {
		d.Process = text(f.Process)
	}
	if f.Scored {
		d.Score = &f.Score
	}
	for _, p := range f.Why {
		d.Why = append(d.Why, part{text(p.Name), p.Bits, text(p.Text)})
	}
	for _, r := range f.Runs[:min(len(f.Runs), mostRuns)] {
		d.Runs = append(d.Runs, run{text(r.Device), r.Start, r.ID})
	}
	at := make(map[string]int)
	for i, r := range f.Remotes {
		at[r.Text] = i
		one := remote{text(r.Name), text(r.Text), r.Count}
		if one.Text == one.Name {
			one.Text = ""
		}
		d.Remotes = append(d.Remotes, one)
	}
	d.tree(f.Runs[0])
	if f.Halves {
		for _, r := range f.Runs[1].Rows[:min(len(f.Runs[1].Rows), mostRows)] {
			d.Creator = append(d.Creator, lineOf(r))
		}
	}
	d.contacts(f, at)
	return d
}

// tree takes the best run.
func (d *finding) tree(r view.Run) {
	if drawn := r.Rows[0].Get("tree"); drawn != "" {
		d.Drawn = drawn // lines were made printable when they were drawn
		return
	}
	for i, one := range r.Rows {
		if i == mostRows {
			d.TreeLeft = len(r.Rows) - i
			return
		}
		d.Tree = append(d.Tree, lineOf(one))
	}
}

func lineOf(r row.Row) line {
	if r.Kind == row.Connections {
		return line{Name: text(row.Remote(r)), Text: text(fmt.Sprintf("%s %s %sx %s", r.Get("transport"), r.Get("remote_ip_type"),
			r.Get("connection_count"), row.Clock(r.Get("first_seen")))), Intel: text(row.Intel(r))}
	}
	if r.Kind == row.Causes {
		lead, behind := row.Causation(r)
		return line{Name: lead, Text: text(behind), Cause: true}
	}
	depth := 0
	_, _ = fmt.Sscan(r.Get("depth"), &depth)
	name := cmp.Or(r.Get("process_name"), "(unknown)")
	if pid := r.Get("process_id"); pid != "" {
		name += " (" + pid + ")"
	}
	return line{Depth: max(1, depth), Name: text(name), Text: text(r.Get("process")), Intel: text(row.Intel(r))}
}

// contacts takes the connection rows of all runs.
func (d *finding) contacts(f *view.Finding, remotes map[string]int) {
	for _, r := range f.Runs {
		for _, one := range r.Rows {
			if one.Kind != row.Connections || one.Get("first_seen") == "" {
				continue
			}
			if len(d.Contacts) == mostContacts {
				d.Left++
				continue
			}
			c := contact{Count: 1, Remote: remotes[row.Remote(one)]}
			_, _ = fmt.Sscan(one.Get("first_seen"), &c.First)
			_, _ = fmt.Sscan(one.Get("last_seen"), &c.Last)
			_, _ = fmt.Sscan(one.Get("connection_count"), &c.Count)
			if c.Last == c.First {
				c.Last = 0
			}
			d.Contacts = append(d.Contacts, c)
		}
	}
}

// text is a text that shows what it is, and not more than a person reads.
func text(s string) string {
	if n := utf8.RuneCountInString(s); n > mostText {
		s = row.Clip(s, mostText) + fmt.Sprintf(" (%d characters)", n)
	}
	return row.Printable(s)
}

func texts(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = text(s)
	}
	return out
}
