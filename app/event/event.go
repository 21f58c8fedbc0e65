// Package event holds the facts of endpoint events, whatever sensor wrote them:
// process starts, process ends, connections and name lookups. Facts are free of
// pointers; every text is a symbol of the Store's table.
//
// Absent is absent: NoSym, NoTime, the zero ID and process id 0 (the System Idle
// Process, which starts nothing) stand for a field that the event did not have.
package event

import "net/netip"

// Kind is what an event tells of.
type Kind uint8

// The kinds of events that the hunt uses. Other is everything else; Malformed is an
// event of a kind in use that lacks what its kind needs, or that cannot be read.
const (
	Other Kind = iota
	ProcessStart
	ProcessEnd
	NetworkConnection
	NameLookup
	Malformed
)

// Ref is what one event says about one process: its own, its parent's or its
// grandparent's. Any field may be absent.
type Ref struct {
	ID      ID     // ProcessGuid, or another sensor's unique id
	Style   Style  // how the source writes ID
	Unique  bool   // ID is a unique id other than a ProcessGuid (Defender's ProcessUniqueId)
	PID     uint32 // process id
	Created Time   // creation time; with PID and device it identifies a process in Defender
	Name    Sym    // file name, as spelled
	Path    Sym    // full path of the image
	Command Sym    // command line
}

// Source is what every event has: where and when it was recorded.
type Source struct {
	Device     Sym    // host, in lower case: the key
	DeviceName Sym    // host as the event spells it
	Time       Time   // record time: when the log took it down, the clock that windows use
	Record     uint64 // number in its log (EventRecordID, ReportId), 0 without one
}

// Process is the start of a process.
type Process struct {
	Source
	Self        Ref
	User        Sym
	Hash        Sym // the strongest digest the event has, in lower case
	Parent      Ref
	Grandparent Ref // Defender: the initiating process's parent
}

// End is the end of a process.
type End struct {
	Source
	Self Ref
}

// Direction is which side opened a connection.
type Direction uint8

// Directions as the column `direction` spells them.
const (
	UnknownDirection Direction = iota
	Outbound
	Inbound
	Listen
)

// String returns the direction's spelling in rows.
func (d Direction) String() string {
	return [...]string{"unknown", "outbound", "inbound", "listen"}[d]
}

// Address is an IP address without a pointer. The zero Address is absent.
type Address struct {
	hi, lo uint64
	family uint8 // 0 absent, 4, 6
}

// NewAddress returns the Address of a, IPv4-mapped IPv6 addresses unwrapped and
// zones dropped.
func NewAddress(a netip.Addr) Address {
	if !a.IsValid() {
		return Address{}
	}
	a = a.Unmap()
	family := uint8(6)
	if a.Is4() {
		family = 4
	}
	b := a.As16()
	return Address{word(b[:8]), word(b[8:]), family}
}

// Addr returns the address as a netip.Addr; the zero Addr when absent.
func (a Address) Addr() netip.Addr {
	if a.family == 0 {
		return netip.Addr{}
	}
	var b [16]byte
	for i := range 8 {
		b[i], b[8+i] = byte(a.hi>>(56-8*i)), byte(a.lo>>(56-8*i))
	}
	addr := netip.AddrFrom16(b)
	if a.family == 4 {
		addr = addr.Unmap()
	}
	return addr
}

// Words returns what an Address is made of, for AddressOf: family is 0 for an absent
// one, 4 or 6.
func (a Address) Words() (hi, lo uint64, family uint8) { return a.hi, a.lo, a.family }

// AddressOf returns the Address with those Words.
func AddressOf(hi, lo uint64, family uint8) Address { return Address{hi, lo, family} }

// IsZero reports whether the address is absent.
func (a Address) IsZero() bool { return a.family == 0 }

func word(b []byte) (w uint64) {
	for _, c := range b {
		w = w<<8 | uint64(c)
	}
	return w
}

// Connection is a network connection or, when Lookup is set, a name lookup.
type Connection struct {
	Source
	Stamp  Time // the sensor's own time of it, which may run on another clock than Time
	Self   Ref  // the process that owns it
	User   Sym
	Hash   Sym
	Parent Ref // Defender: the initiating process's parent

	Remote     Address
	RemotePort uint16
	Local      Address // with LocalPort only to tell two connections apart
	LocalPort  uint16
	Host       Sym // remote host name; the name asked for in a lookup
	URL        Sym
	Transport  Sym // in lower case
	Action     Sym // the source's own action
	Direction  Direction
	Lookup     bool
	Answers    Sym    // addresses that a lookup returned, as written
	Weight     uint32 // connections this event stands for, at least 1
}
