package row

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Cause is what made the root of a tree start, beside its parent, or what reached into a process of
// it. It has a row of its own, of the process once more with what did it in the parent's place and
// `caused_by` as edge: who follows the edges of processes never takes one for the other.
type Cause struct {
	What      string // service, wmi_consumer, task, injection
	Name      string
	At        event.Time
	By        string  // the account
	Maker     Process // the zero Process where no event tells which it was
	MakerID   string  // its node id, "" without one
	Events    []string
	Certainty string // possible, likely, sure
}

// Injected is that a process reached into another.
type Injected struct {
	Node  int // the place of the other in Tree.Nodes
	Cause Cause
}

// EdgeCausedBy is the edge of a cause's row.
const EdgeCausedBy = "caused_by"

// CauseInjection is the cause of a process that another reached into.
const CauseInjection = "injection"

// causeRow returns the row of a cause of a node.
func (t *Tree) causeRow(node Node, of *Cause) Row {
	node.Parent, node.ParentID, node.Edge, node.User = of.Maker, of.MakerID, EdgeCausedBy, of.By
	node.Started, node.Recorded, node.Created, node.Connections = of.At, of.At, event.NoTime, nil
	c := cell{kind: Causes, tree: t, node: &node, verdict: node.Verdict, cause: of}
	return c.row()
}

// causeRows appends the rows of what is behind a node beside its parent.
func (t *Tree) causeRows(rows []Row, at int) []Row {
	if at == 0 && t.Cause != nil {
		rows = append(rows, t.causeRow(t.Nodes[0], t.Cause))
	}
	for i := range t.Injected {
		if t.Injected[i].Node == at {
			rows = append(rows, t.causeRow(t.Nodes[at], &t.Injected[i].Cause))
		}
	}
	return rows
}

// ofCause is a value that only rows of causes have.
func ofCause(value func(*Cause) string) func(*cell) string {
	return func(c *cell) string {
		if c.kind != Causes {
			return ""
		}
		return value(c.cause)
	}
}

// CauseText is a row of a cause in words: what made the process start, and how that is known.
func CauseText(r Row) string {
	lead, text := Causation(r)
	return lead + " " + text
}

// Causation is CauseText in two parts: how the process and what is behind it belong together, and
// what that is.
func Causation(r Row) (lead, text string) {
	if lead = "caused by"; r.Get("cause") == CauseInjection {
		lead = "injected by"
	}
	if name := r.Get("parent_process_name"); name != "" {
		text += name
		if pid := r.Get("parent_process_id"); pid != "" {
			text += " (" + pid + ")"
		}
		text += "  " + Clip(r.Get("parent_process"), treeCommand)
	} else {
		text += "a process that no event names"
	}
	text += "  [" + strings.ReplaceAll(r.Get("cause"), "_", " ") + " " + Clip(r.Get("cause_name"), treeCommand) + ", " + Clock(r.Get("_time"))
	if by := r.Get("user"); by != "" {
		text += " by " + by
	}
	return lead, Printable(text + ": " + strings.ReplaceAll(r.Get("cause_events"), "\n", ", ") + "; " + r.Get("cause_certainty") + "]")
}
