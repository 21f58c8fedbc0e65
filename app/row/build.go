package row

import (
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// clockGap is from how many seconds on the distance of two clocks is told: a record
// is normally written within seconds of what it records.
const clockGap = 60

// Output is which kinds of rows come back.
type Output struct{ Nodes, Connections, Trees bool }

// Columns returns the columns of the output's rows.
func (o Output) Columns() []string {
	if o.Trees {
		return TreeColumns
	}
	return Columns
}

// Build returns the rows of the trees, in their order: each tree's nodes from the
// root down, each node's connections right behind it.
func Build(trees []Tree, o Output) []Row {
	var rows []Row
	for i := range trees {
		rows = trees[i].appendRows(rows, o)
	}
	return rows
}

func (t *Tree) appendRows(rows []Row, o Output) []Row {
	if o.Trees {
		return append(rows, t.row())
	}
	for i := range t.Nodes {
		n := &t.Nodes[i]
		if o.Nodes {
			rows = append(rows, t.nodeRow(n, Columns))
		}
		if o.Connections {
			for j := range n.Connections {
				rows = append(rows, t.connectionRow(n, &n.Connections[j]))
			}
		}
	}
	return rows
}

// nodeRow is the row of a process. Its connection columns sum up its connections.
func (t *Tree) nodeRow(n *Node, columns []string) Row {
	r := t.describe(n, columns)
	r.set("_time", n.Started.Epoch())
	r.set("row", "node")
	r.set("edge", n.Edge)
	count, first, last := n.Total()
	r.set("connection_count", strconv.Itoa(count))
	r.set("first_seen", first.Epoch())
	r.set("last_seen", last.Epoch())
	r.set("connections_hidden", strconv.Itoa(n.Hidden))
	r.setVerdict(n.Verdict)
	return r
}

// connectionRow is the row of a merged connection, with the columns of its process.
func (t *Tree) connectionRow(n *Node, c *Connection) Row {
	r := t.describe(n, Columns)
	r.set("_time", c.First.Epoch())
	r.set("row", "connection")
	r.set("edge", c.Edge)
	r.set("remote_ip", c.IP)
	if c.Port != 0 {
		r.set("remote_port", strconv.Itoa(int(c.Port)))
	}
	r.set("remote_host", c.Host)
	r.set("remote_url", c.URL)
	r.set("remote_ip_type", c.Class)
	r.set("transport", c.Transport)
	r.set("direction", c.Direction)
	r.set("action", c.Action)
	r.set("connection_count", strconv.Itoa(c.Count))
	r.set("first_seen", c.First.Epoch())
	r.set("last_seen", c.Last.Epoch())
	r.set("record_time", c.First.Epoch())
	r.setClocks(c.Stamp, c.ClockGap)
	r.set("dns_answers", c.Answers)
	r.setVerdict(c.Verdict)
	return r
}

// describe fills what the rows of a process and of its connections share.
func (t *Tree) describe(n *Node, columns []string) Row {
	r := make(Row, len(columns))
	r.set("device", t.Device)
	r.set("tree_id", t.ID)
	r.set("node_id", n.ID)
	r.set("parent_node_id", n.ParentID)
	r.set("depth", strconv.Itoa(n.Depth))
	r.set("path", n.Path)
	r.set("process_name", n.Process.Name)
	r.set("process", n.Process.Command)
	r.set("process_path", n.Process.Path)
	r.set("process_id", pid(n.Process.PID))
	r.set("process_guid", n.Process.GUID)
	r.set("process_hash", n.Hash)
	r.set("user", n.User)
	r.set("parent_process_name", n.Parent.Name)
	r.set("parent_process", n.Parent.Command)
	r.set("parent_process_id", pid(n.Parent.PID))
	r.set("parent_process_guid", n.Parent.GUID)
	r.set("root_process", t.Process)
	r.set("root_devices", strconv.Itoa(t.Devices))
	r.set("pattern_count", strconv.Itoa(n.Count))
	r.set("pattern_devices", strconv.Itoa(n.Devices))
	r.set("record_time", n.Recorded.Epoch())
	r.setClocks(n.Created, event.Gap(n.Created, n.Recorded))
	return r
}

// setClocks shows the sensor's own time, and how far off it is when it is far.
func (r Row) setClocks(sensor event.Time, gap int64) {
	r.set("sensor_time", sensor.Epoch())
	r.set("clock_gap", "")
	if gap >= clockGap {
		r.set("clock_gap", strconv.FormatInt(gap, 10))
	}
}

// row is the row of a whole tree: the columns of its root, sums over the tree, and
// the tree drawn.
func (t *Tree) row() Row {
	root := &t.Nodes[0]
	r := t.nodeRow(root, TreeColumns)
	r.set("row", "tree")
	rows, count, hidden := 0, 0, 0
	var first, last event.Time
	for i := range t.Nodes {
		n := &t.Nodes[i]
		c, f, l := n.Total()
		rows, count, hidden = rows+len(n.Connections), count+c, hidden+n.Hidden
		if f != event.NoTime && (first == event.NoTime || f < first) {
			first = f
		}
		last = max(last, l)
	}
	r.set("connection_count", strconv.Itoa(count))
	r.set("connections_hidden", strconv.Itoa(hidden))
	r.set("first_seen", first.Epoch())
	r.set("last_seen", last.Epoch())
	r.set("nodes", strconv.Itoa(len(t.Nodes)))
	r.set("connections", strconv.Itoa(rows))
	r.set("tree", t.Draw())
	r.setVerdict(t.verdict())
	return r
}

func pid(p uint32) string {
	if p == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(p), 10)
}
