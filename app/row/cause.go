package row

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Cause is what made the root of a tree start, beside its parent. It has a row of its own, of
// the root once more with what made it start in the parent's place and `caused_by` as edge:
// who follows the edges of processes never takes one for the other.
type Cause struct {
	What      string // service, wmi_consumer, task
	Name      string
	At        event.Time
	By        string  // the account
	Maker     Process // the zero Process where no event tells which it was
	MakerID   string  // its node id, "" without one
	Events    []string
	Certainty string // possible, likely, sure
}

// EdgeCausedBy is the edge of a cause's row.
const EdgeCausedBy = "caused_by"

// causeRow returns the row of the tree's cause.
func (t *Tree) causeRow() Row {
	node := t.Nodes[0]
	node.Parent, node.ParentID, node.Edge, node.User = t.Cause.Maker, t.Cause.MakerID, EdgeCausedBy, t.Cause.By
	node.Started, node.Recorded, node.Created, node.Connections = t.Cause.At, t.Cause.At, event.NoTime, nil
	c := cell{kind: Causes, tree: t, node: &node, verdict: node.Verdict}
	return c.row()
}

// ofCause is a value that only rows of causes have.
func ofCause(value func(*Cause) string) func(*cell) string {
	return func(c *cell) string {
		if c.kind != Causes {
			return ""
		}
		return value(c.tree.Cause)
	}
}

// CauseText is a row of a cause in words: what made the process start, and how that is known.
func CauseText(r Row) string {
	text := "caused by "
	if name := r.Get("parent_process_name"); name != "" {
		text += name
		if pid := r.Get("parent_process_id"); pid != "" {
			text += " (" + pid + ")"
		}
		text += "  " + Clip(Printable(r.Get("parent_process")), treeCommand)
	} else {
		text += "a process that no event names"
	}
	text += "  [" + strings.ReplaceAll(r.Get("cause"), "_", " ") + " " + Clip(Printable(r.Get("cause_name")), treeCommand) + ", " + Clock(r.Get("_time"))
	if by := r.Get("user"); by != "" {
		text += " by " + by
	}
	return Printable(text + ": " + strings.ReplaceAll(r.Get("cause_events"), "\n", ", ") + "; " + r.Get("cause_certainty") + "]")
}
