package row

import (
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Column is one column of the hunt's rows.
type Column struct {
	Name  string
	On    Kind   // the kinds of rows that have it, if only empty
	Means string // for people, in one line

	from func(*cell) string
}

// Columns are all columns, in order. Programs downstream hold on to names and order: new
// ones go to the end.
var Columns = []Column{
	{"_time", everyKind, "process start; of a connection, when it was first seen; of a cause, when it was installed", func(c *cell) string { return c.time().Epoch() }},
	{"row", everyKind, "node, connection, cause or tree", func(c *cell) string { return c.kind.String() }},
	{"device", everyKind, "host name as the events give it", func(c *cell) string { return c.tree.Device }},
	{"tree_id", everyKind, "the same for all rows of a tree, in every run", func(c *cell) string { return c.tree.ID }},
	{"node_id", everyKind, "the process; of a connection, the one that owns it", func(c *cell) string { return c.node.ID }},
	{"parent_node_id", everyKind, "the process above", func(c *cell) string { return c.node.ParentID }},
	{"depth", everyKind, "1 for the process that the scheduler started", func(c *cell) string { return strconv.Itoa(c.node.Depth) }},
	{"path", everyKind, "process names from depth 1 down, joined by ` > `", func(c *cell) string { return c.node.Path }},
	{"process_name", everyKind, "file name of the process", func(c *cell) string { return c.node.Process.Name }},
	{"process", everyKind, "command line", func(c *cell) string { return c.node.Process.Command }},
	{"process_path", everyKind, "full path of the image", func(c *cell) string { return c.node.Process.Path }},
	{"process_id", everyKind, "process id", func(c *cell) string { return pid(c.node.Process.PID) }},
	{"process_guid", everyKind, "ProcessGuid, or the sensor's own unique id", func(c *cell) string { return c.node.Process.GUID }},
	{"process_hash", everyKind, "the strongest digest that the event has", func(c *cell) string { return c.node.Hash }},
	{"user", everyKind, "account of the process", func(c *cell) string { return c.node.User }},
	{"parent_process_name", everyKind, "file name of the parent", func(c *cell) string { return c.node.Parent.Name }},
	{"parent_process", everyKind, "command line of the parent", func(c *cell) string { return c.node.Parent.Command }},
	{"parent_process_id", everyKind, "process id of the parent", func(c *cell) string { return pid(c.node.Parent.PID) }},
	{"parent_process_guid", everyKind, "unique id of the parent", func(c *cell) string { return c.node.Parent.GUID }},
	{"edge", everyKind, "how sure the tie to the parent is; of a connection, to its process", func(c *cell) string { return c.edge() }},
	{"root_process", everyKind, "command line at depth 1", func(c *cell) string { return c.tree.Process }},
	{"root_devices", everyKind, "devices that ran that command in the lookback", func(c *cell) string { return strconv.Itoa(c.tree.Devices) }},
	{"pattern_count", everyKind, "nodes with this path on this device in the lookback", func(c *cell) string { return strconv.Itoa(c.node.Count) }},
	{"pattern_devices", everyKind, "devices with this path in the lookback", func(c *cell) string { return strconv.Itoa(c.node.Devices) }},
	{"remote_ip", everyKind, "address of the other side", ofCall(func(c *Connection) string { return c.IP })},
	{"remote_port", everyKind, "port of the other side", ofCall(func(c *Connection) string { return pid(uint32(c.Port)) })},
	{"remote_host", everyKind, "name of the other side; of a lookup, the name asked for", ofCall(func(c *Connection) string { return c.Host })},
	{"remote_url", everyKind, "address as the source gives it whole", ofCall(func(c *Connection) string { return c.URL })},
	{"remote_ip_type", everyKind, "public, private, loopback …, computed from the address", ofCall(func(c *Connection) string { return c.Class })},
	{"transport", everyKind, "tcp or udp", ofCall(func(c *Connection) string { return c.Transport })},
	{"direction", everyKind, "outbound, inbound, listen or unknown", ofCall(func(c *Connection) string { return c.Direction })},
	{"action", everyKind, "the source's action; dns for a name lookup", ofCall(func(c *Connection) string { return c.Action })},
	{"connection_count", everyKind, "connections that the row stands for, or below it", func(c *cell) string { return strconv.Itoa(c.calls.count) }},
	{"first_seen", everyKind, "the earliest of those", func(c *cell) string { return c.calls.first.Epoch() }},
	{"last_seen", everyKind, "the latest of those", func(c *cell) string { return c.calls.last.Epoch() }},
	{"connections_hidden", everyKind, "connections left out by internal or allow_dest", func(c *cell) string { return c.hidden() }},

	{"nodes", Trees, "processes of the tree", func(c *cell) string { return strconv.Itoa(len(c.tree.Nodes)) }},
	{"connections", Trees, "connection rows of the tree", func(c *cell) string { return strconv.Itoa(c.calls.rows) }},
	{"tree", Trees, "the tree drawn", func(c *cell) string { return c.tree.Draw() }},

	{"record_time", Nodes | Connections, "when the record was written", func(c *cell) string { return c.recorded().Epoch() }},
	{"sensor_time", Nodes | Connections, "the sensor's own time", func(c *cell) string { return c.stamp().Epoch() }},
	{"clock_gap", Nodes | Connections, "seconds between the two, where they are far apart", func(c *cell) string { return gap(c.clockGap()) }},
	{"dns_answers", Nodes | Connections, "addresses that a lookup returned", ofCall(func(c *Connection) string { return c.Answers })},

	{"intel_score", everyKind, "0 to 100, from plugins that enrich", func(c *cell) string { return c.verdict.score() }},
	{"intel_label", everyKind, "what the plugin says", func(c *cell) string { return c.verdict.Label }},
	{"intel_source", everyKind, "the list or plugin that says so", func(c *cell) string { return c.verdict.Source }},

	{"score", everyKind, "bits: how much less expected the finding is than what this fleet's tasks do", func(c *cell) string { return c.finding().ScoreText() }},
	{"why", everyKind, "the parts of the score, which add up to it: name, bits, the numbers behind them", func(c *cell) string { return lines(c.finding().Why) }},
	{"task_name", everyKind, "the scheduled task", func(c *cell) string { return c.tree.Task.Name }},
	{"task_edge", everyKind, "how the task is known", func(c *cell) string { return c.tree.Task.Edge }},
	{"root_evidence", everyKind, "how the root is known to be the scheduler's", func(c *cell) string { return c.tree.Task.Evidence }},
	{"root_template", everyKind, "the root's command, with slots where it varies", func(c *cell) string { return c.finding().Template }},
	{"template_devices", everyKind, "devices that ran the template in the lookback", func(c *cell) string { return number(c.finding().TemplateDevices) }},
	{"finding_id", everyKind, "the same on every day and device for what one decision settles", func(c *cell) string { return c.finding().ID }},
	{"beacon_score", Connections, "0 to 1, how regular the contacts of the task with the destination are, over all runs", ofCall(func(c *Connection) string { return c.Beacon.score() })},
	{"beacon_period", Connections, "seconds", ofCall(func(c *Connection) string { return c.Beacon.period() })},
	{"beacon_count", Connections, "contacts counted", ofCall(func(c *Connection) string { return number(c.Beacon.Count) })},
	{"coverage", everyKind, "what the verdict lacks on the device", func(c *cell) string { return lines(c.tree.Coverage) }},
	{"known", everyKind, "windows or golden, when every tree of the finding is known", func(c *cell) string { return c.finding().Known }},

	{"task_created", everyKind, "when the task was registered, if that was seen", func(c *cell) string { return c.tree.Task.Created.Epoch() }},
	{"task_author", everyKind, "whom its definition names, or who registered it", func(c *cell) string { return c.tree.Task.Author }},
	{"task_trigger", everyKind, "what starts the task", func(c *cell) string { return c.tree.Task.Trigger }},
	{"task_period", everyKind, "seconds from one start to the next", func(c *cell) string { return c.tree.Task.period() }},
	{"task_action", everyKind, "what it is defined to run", func(c *cell) string { return c.tree.Task.Action }},
	{"task_hidden", everyKind, "whether its definition hides it", func(c *cell) string { return c.tree.Task.Hidden }},
	{"created_by_tree", everyKind, "the tree whose process registered it", func(c *cell) string { return c.tree.Task.Maker }},

	{"root_kind", everyKind, "the preset of root= that the tree is of, or regex", func(c *cell) string { return c.tree.Root.Kind }},
	{"root_label", everyKind, "usual or odd beneath such a parent, by the preset's table; it excludes nothing", func(c *cell) string { return c.tree.Root.Label }},
	{"task_creator", everyKind, "command line of that process, in a tree or not", func(c *cell) string { return c.tree.Task.Creator }},
	{"task_instance", everyKind, "id of the run in the scheduler's log", func(c *cell) string { return c.tree.Task.Instance }},
	{"task_updated", everyKind, "when the task was updated last before the run", func(c *cell) string { return c.tree.Task.Updated.Epoch() }},
	{"task_deleted", everyKind, "when it was deleted first after the run began", func(c *cell) string { return c.tree.Task.Deleted.Epoch() }},

	{"cause", Causes, "what is behind a process beside its parent: service, wmi_consumer or task made the root start, injection reached into the process", ofCause(func(c *Cause) string { return c.What })},
	{"cause_name", Causes, "its name", ofCause(func(c *Cause) string { return c.Name })},
	{"cause_events", Causes, "the events that tell of it, with their numbers in their logs", ofCause(func(c *Cause) string { return lines(c.Events) })},
	{"cause_certainty", Causes, "possible, likely or sure", ofCause(func(c *Cause) string { return c.Certainty })},

	{"task_run_level", everyKind, "highest, when its definition asks for all rights of its account, or limited", func(c *cell) string { return c.tree.Task.RunLevel }},
}

// table is the columns of an output: those that any of its kinds of rows has.
type table struct {
	*Header
	columns []Column
}

func tableOf(columns []Column, kinds Kind) *table {
	var t table
	var names []string
	for _, c := range columns {
		if c.On&kinds != 0 {
			t.columns, names = append(t.columns, c), append(names, c.Name)
		}
	}
	t.Header = NewHeader(names)
	return &t
}

// An output has rows of processes, connections and causes, of trees, or of findings.
var nodeTable, treeTable, findingTable *table

// The column `tree` holds drawn rows, which Go takes for a loop in a variable's value.
func init() {
	nodeTable, treeTable = tableOf(Columns, Nodes|Connections|Causes), tableOf(Columns, Trees)
	findingTable = tableOf(FindingColumns, Findings)
}

// HeaderOf returns the columns of rows of those kinds: Nodes, Connections or
// both; Trees; or Findings.
func HeaderOf(kinds Kind) *Header { return tableFor(kinds).Header }

func tableFor(kinds Kind) *table {
	switch {
	case kinds&Findings != 0:
		return findingTable
	case kinds&Trees != 0:
		return treeTable
	}
	return nodeTable
}

// clockGap is from how many seconds on the distance of two clocks is told: a record
// is normally written within seconds of what it records.
const clockGap = 60

func gap(seconds int64) string {
	if seconds < clockGap {
		return ""
	}
	return strconv.FormatInt(seconds, 10)
}

func pid(p uint32) string {
	if p == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(p), 10)
}

// ofCall is a value that only connection rows have.
func ofCall(value func(*Connection) string) func(*cell) string {
	return func(c *cell) string {
		if c.kind != Connections {
			return ""
		}
		return value(c.call)
	}
}

// hidden is about all connections of a process or a tree; a connection row is one that is
// shown.
func (c *cell) hidden() string {
	if c.kind == Connections || c.kind == Causes {
		return ""
	}
	return strconv.Itoa(c.calls.hidden)
}

// time is when what the row is about began.
func (c *cell) time() event.Time {
	if c.kind == Connections {
		return c.call.First
	}
	return c.node.Started
}

func (c *cell) edge() string {
	if c.kind == Connections {
		return c.call.Edge
	}
	return c.node.Edge
}

func (c *cell) recorded() event.Time {
	if c.kind == Connections {
		return c.call.First
	}
	return c.node.Recorded
}

func (c *cell) stamp() event.Time {
	if c.kind == Connections {
		return c.call.Stamp
	}
	return c.node.Created
}

func (c *cell) clockGap() int64 {
	if c.kind == Connections {
		return c.call.ClockGap
	}
	return event.Gap(c.node.Created, c.node.Recorded)
}
