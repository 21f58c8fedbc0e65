package row

import "github.com/schtaskhunt/schtaskhunt/app/event"

// Build returns the rows of those kinds of the trees, in their order: each tree's nodes
// from the root down, each node's connections right behind it, and before those what
// caused it beside its parent.
func Build(trees []Tree, kinds Kind) []Row {
	var rows []Row
	for i := range trees {
		rows = trees[i].appendRows(rows, kinds)
	}
	return rows
}

func (t *Tree) appendRows(rows []Row, kinds Kind) []Row {
	c := cell{tree: t}
	if kinds&Trees != 0 {
		c.kind, c.node, c.calls, c.verdict = Trees, &t.Nodes[0], t.calls(), t.verdict()
		return append(rows, c.row())
	}
	for i := range t.Nodes {
		c.node = &t.Nodes[i]
		if kinds&Nodes != 0 {
			c.kind, c.calls, c.verdict = Nodes, c.node.calls(), c.node.Verdict
			rows = append(rows, c.row())
		}
		if kinds&Causes != 0 {
			rows = t.causeRows(rows, i)
		}
		if kinds&Connections == 0 {
			continue
		}
		for j := range c.node.Connections {
			c.kind, c.call = Connections, &c.node.Connections[j]
			c.calls, c.verdict = c.call.calls(), c.call.Verdict
			rows = append(rows, c.row())
		}
	}
	return rows
}

// cell is what the columns of one row take their values from.
type cell struct {
	kind    Kind
	tree    *Tree
	node    *Node       // of a tree, its root
	call    *Connection // of a connection row
	cause   *Cause      // of a cause's row
	calls   calls
	verdict Verdict
	of      *Finding // of a finding's row
}

// finding is what the row's tree belongs to, an empty one when nobody scored it.
func (c *cell) finding() *Finding {
	switch {
	case c.of != nil:
		return c.of
	case c.tree.Finding != nil:
		return c.tree.Finding
	}
	return &unscored
}

var unscored Finding

func (c *cell) row() Row {
	t := tableFor(c.kind)
	r := Row{Kind: c.kind, Values: make([]string, len(t.columns)), header: t.Header}
	for i := range t.columns {
		if t.columns[i].On&c.kind != 0 {
			r.Values[i] = t.columns[i].from(c)
		}
	}
	return r
}

// calls sum up the connections that a row stands for.
type calls struct {
	rows        int // of connections
	count       int
	first, last event.Time
	hidden      int
}

func (s *calls) add(o calls) {
	s.rows, s.count, s.hidden = s.rows+o.rows, s.count+o.count, s.hidden+o.hidden
	if o.first != event.NoTime && (s.first == event.NoTime || o.first < s.first) {
		s.first = o.first
	}
	s.last = max(s.last, o.last)
}

func (c *Connection) calls() calls {
	return calls{rows: 1, count: c.Count, first: c.First, last: c.Last}
}

func (n *Node) calls() (sum calls) {
	for i := range n.Connections {
		sum.add(n.Connections[i].calls())
	}
	sum.hidden = n.Hidden
	return sum
}

// Total returns how many connections the node's rows stand for.
func (n *Node) Total() int { return n.calls().count }

func (t *Tree) calls() (sum calls) {
	for i := range t.Nodes {
		sum.add(t.Nodes[i].calls())
	}
	return sum
}
