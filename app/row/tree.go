package row

import "github.com/schtaskhunt/schtaskhunt/app/event"

// Tree is one kept tree, ready to be shown.
type Tree struct {
	ID      string // 16 hex digits
	Device  string
	Process string // command line of the root
	Devices int    // devices that ran it in the lookback
	Nodes   []Node // the root first, every process followed by what it started
	Task    Task
	Cause   *Cause // nil where none is known
	// Injected are the processes that others reached into, in the order of Nodes.
	Injected []Injected
	Root     Root
	Verdicts
}

// Node is one process of a tree.
type Node struct {
	ID, ParentID string
	Depth        int
	Path         string // names from the root down, joined by " > "
	Process      Process
	Parent       Process
	User, Hash   string
	Edge         string
	Started      event.Time // the process's own start time, the record's where there is none
	Recorded     event.Time
	Created      event.Time // what the sensor says, NoTime where it says nothing
	Count        int        // nodes with this path on this device
	Devices      int        // devices with this path
	Connections  []Connection
	Hidden       int // connections left out by internal or allow_dest
	Verdict      Verdict
}

// Process is the words for one process.
type Process struct {
	Name, Command, Path, GUID string
	PID                       uint32
}

// Connection is one merged connection of a node.
type Connection struct {
	Edge        string
	IP          string
	Port        uint16
	Host, URL   string
	Class       string
	Transport   string
	Direction   string
	Action      string
	Answers     string
	Count       int
	First, Last event.Time
	Stamp       event.Time
	ClockGap    int64
	Verdict     Verdict
	Beacon      Beacon
}
