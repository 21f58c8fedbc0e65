package sample

import (
	"strconv"
	"strings"
)

// plantedConnection is one row of the key: all events of one process that have
// the same remote end and are tied to the process in the same way.
type plantedConnection struct {
	process *Process
	remoteKey
	count       int
	public      string // "t" or "f"
	answers     string // of a lookup: the addresses, each followed by a semicolon
	first, last Time   // as Event.seen has it
}

type remoteKey struct {
	ip, port, host, action, tie string
	inbound                     bool
}

// The ways in which an event tells its process.
const (
	tieGUID = "guid"     // Sysmon's ProcessGuid
	tieUID  = "uid"      // Defender's ProcessUniqueId, Falcon's TargetProcessId
	tieTime = "pid_time" // Defender's PID and creation time
	tiePID  = "pid"      // PID and nothing else: a hunt may not be sure of it
)

// plantedConnections returns the rows of one device, by process and then by
// remote end in the order of the events, oldest first. Second deliveries do not count.
func plantedConnections(h *History, format string) []*plantedConnection {
	type owner struct {
		process *Process
		remoteKey
	}
	known := map[owner]*plantedConnection{}
	byProcess := map[*Process][]*plantedConnection{}
	for i := len(h.Events) - 1; i >= 0; i-- {
		e := &h.Events[i]
		if e.Copy || e.Process.Plant == "" || e.Kind != Connect && e.Kind != Lookup {
			continue
		}
		id := owner{e.Process, keyOf(e, format)}
		c := known[id]
		if c == nil {
			c = newPlantedConnection(e, id.remoteKey, e.seen(format))
			known[id] = c
			byProcess[e.Process] = append(byProcess[e.Process], c)
		}
		c.count++
		c.first, c.last = min(c.first, e.seen(format)), max(c.last, e.seen(format))
	}
	var list []*plantedConnection
	for _, p := range h.Processes {
		list = append(list, byProcess[p]...)
	}
	return list
}

func newPlantedConnection(e *Event, key remoteKey, first Time) *plantedConnection {
	c := &plantedConnection{process: e.Process, remoteKey: key, first: first, public: "t"}
	target := e.Remote.Peer.Addr()
	if e.Kind == Lookup {
		target = e.Remote.Addresses[0]
		var b strings.Builder
		for _, a := range e.Remote.Addresses {
			b.WriteString(a.String() + ";")
		}
		c.answers = b.String()
	}
	if !isPublic(target) {
		c.public = "f"
	}
	return c
}

// keyOf returns the remote end as the event in this format shows it.
func keyOf(e *Event, format string) remoteKey {
	r := &e.Remote
	key := remoteKey{tie: e.tie(format), inbound: r.Inbound}
	if e.Kind == Lookup {
		key.host, key.action = r.Query, "dns"
		return key
	}
	key.ip, key.port = r.Peer.Addr().String(), strconv.Itoa(int(r.Peer.Port()))
	switch format {
	case FormatDefender:
		key.host, key.action = strings.TrimPrefix(r.URL, "https://"), e.action()
	case FormatFalcon:
		key.action = e.falconAction()
	default:
		key.host = r.PeerName
	}
	return key
}

func (e *Event) tie(format string) string {
	switch {
	case isSysmon(format) && !e.Unknown:
		return tieGUID
	case format == FormatFalcon:
		return tieUID
	case format != FormatDefender, e.Kind == Lookup:
		return tiePID
	case e.Process.Device.UniqueIDs:
		return tieUID
	}
	return tieTime
}

// keyName is the device as events in this format name it.
func (dev *Device) keyName(format string) string {
	switch {
	case format == FormatDefender:
		return strings.ToLower(dev.Name)
	case format == FormatFalcon && dev.UniqueIDs:
		return dev.computerName()
	case format == FormatFalcon:
		return dev.aid()
	}
	return dev.Name
}

func isSysmon(format string) bool { return format == FormatSysmon || format == FormatSysmonXML }

// seen is when an event was seen as a hunt shows it: Sysmon and Defender go by the
// time of record, Falcon by the sensor's clock to the millisecond.
func (e *Event) seen(format string) Time {
	if format == FormatFalcon {
		return e.At - e.At%millisecond
	}
	return e.Recorded
}
