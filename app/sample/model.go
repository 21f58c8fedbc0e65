package sample

import (
	"net/netip"
	"strings"
	"time"
)

// Time counts ticks of 100 ns since 1970-01-01 UTC, the resolution of Windows'
// own clock; it also serves as a length of time in ticks.
type Time int64

const (
	millisecond Time = 10_000
	second           = 1000 * millisecond
	minute           = 60 * second
	hour             = 60 * minute
	day              = 24 * hour
)

func timeOf(t time.Time) Time {
	return Time(t.Unix())*second + Time(t.Nanosecond()/100)
}

// UTC returns t as a time.Time in UTC.
func (t Time) UTC() time.Time {
	return time.Unix(int64(t/second), int64(t%second)*100).UTC()
}

// Device is one machine of the fleet.
type Device struct {
	Index      int
	Name       string // fully qualified host name, as events give it
	ID         string // Defender's DeviceId
	Addr       netip.Addr
	Addr6      netip.Addr
	Skew       Time // how far the clock of connection events is off the clock of process events
	UpperGUIDs bool // whether its Sysmon writes GUIDs in capitals
	UniqueIDs  bool // whether its Defender sensor sends ProcessUniqueId

	Machine    uint32 // first group of its process GUIDs
	userName   string
	home       string // the user's folder
	systemRoot string // how services spell C:\Windows
}

// Account is the security context of a process.
type Account struct {
	Domain, Name, SID string
	LogonID           uint32
	Session           int
	Integrity         string
}

// Process is one process as it truly was: the truth to hold a hunt's result against.
type Process struct {
	Device   *Device
	Parent   *Process // the process that started it; nil for the kernel's own
	Serial   int      // counts the device's processes from 1
	PID      uint32   // reused after End, as Windows does
	Start    Time
	End      Time // first instant at which it no longer ran
	Image    string
	Original string // the name it was built under
	Command  string
	User     Account

	// Depth is 0 outside the trees of the Task Scheduler, 1 for a process that
	// the scheduler started, and one more for each generation below.
	Depth int
	Root  *Process // the process of depth 1 above or at this one; nil outside
	Plant string   // name of the planted task this process belongs to; "" elsewhere

	Logged       bool // its creation is among the events
	EndLogged    bool // its end is among the events
	ParentHidden bool // its creation event does not say what started it

	// Boot counts the starts of Windows from 1: with Serial it makes the process' ids.
	Boot int
	// Content names what is in the file, where that is not said by its path alone: two
	// versions of a program have one path and two digests. "" stands for Image.
	Content string
	// Company and Product are what the file says about its maker; "" stands for
	// Microsoft below C:\Windows and for nothing elsewhere.
	Company, Product string
	// CommandHidden says that the sensor never tells this process' command line where it
	// is a parent, as with protected services.
	CommandHidden bool

	scheduler bool
}

// Name returns the file name of the process.
func (p *Process) Name() string { return p.Image[strings.LastIndexByte(p.Image, '\\')+1:] }

// content is what the digests of the file hang on.
func (p *Process) content() string {
	if p.Content != "" {
		return p.Content
	}
	return p.Image
}

// Path returns the names from depth 1 to this process, joined by " > ". It is
// empty for a process outside the scheduler's trees.
func (p *Process) Path() string {
	if p.Depth == 0 {
		return ""
	}
	if p.Depth == 1 {
		return p.Name()
	}
	return p.Parent.Path() + " > " + p.Name()
}

// Kind is what an event tells.
type Kind uint8

// The kinds of event, with Sysmon's event ids.
const (
	ProcessStart Kind = 1
	Connect      Kind = 3
	ProcessEnd   Kind = 5
	Lookup       Kind = 22
	// Running is of Falcon's format only: the sensor begins to watch a process that runs
	// already.
	Running Kind = 255
	// LoggedEntry is an event of another log than the sensor's, such as the Task Scheduler's
	// own: Event.Entry tells it, Event.Process is the service that wrote it.
	LoggedEntry Kind = 254
)

// Event is one event of a device's log.
type Event struct {
	Kind     Kind
	Process  *Process // whose start, end, connection or lookup it is, also where the event hides it
	At       Time     // when it truly happened
	Clock    Time     // when the event says it happened: At, but for skew
	Recorded Time     // when it was written to the log
	Record   uint64   // its number in the device's log
	Image    string   // the process' path as this event spells it
	Remote   Remote   // set for Connect and Lookup
	Entry    *Entry   // set for LoggedEntry

	// Resolver is the DNS client service that answered a Lookup.
	Resolver *Process
	// Unknown is set where the sensor came too late: the process was gone, and
	// the event keeps its PID but neither GUID nor path.
	Unknown bool
	// Copy marks a second delivery of the event before it.
	Copy bool
}

// Remote is the other end of a connection, or what a name lookup asked.
type Remote struct {
	Local     netip.AddrPort
	Peer      netip.AddrPort
	PeerName  string // host name by reverse lookup; mostly ""
	URL       string // what Defender puts into RemoteUrl; "" where it does not know
	UDP       bool
	Inbound   bool
	Failed    bool
	Query     string // the name asked for
	Alias     string // what that name is an alias of; ""
	Status    int    // DNS status; 0 is success
	Addresses []netip.Addr
}

// History is all there is to know about one device.
type History struct {
	Device    *Device
	Processes []*Process // every process, with and without events, by time of start
	Events    []Event    // newest first by time of record, copies included
}
