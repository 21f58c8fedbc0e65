package schema

import (
	"bytes"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Transforms of values that are numbers or names of events where other sensors have
// words. No built-in table uses them: they are for mappings of plugins.

// setEpochMilliseconds takes milliseconds since 1970, in decimal digits only, up to the end
// of the year 9999. They are counted here, and not written as seconds for the reading of
// times, which takes some small numbers for a spreadsheet's days.
func setEpochMilliseconds(to *event.Time, v []byte) bool {
	const most, last, perMillisecond = 15, "253402300799999", event.Second / 1000
	if len(v) == 0 || len(v) > most || len(v) == most && string(v) > last || len(bytes.Trim(v, "0123456789")) > 0 {
		return false
	}
	var t event.Time
	for _, digit := range v {
		t = t*10 + event.Time(digit-'0')
	}
	*to = t * perMillisecond
	return true
}

// setEventDirection reads the direction out of the name of an event, such as
// NetworkReceiveAcceptIP4.
func setEventDirection(d *draft, v []byte) bool {
	switch {
	case containsFold(v, "listen"):
		d.direction = event.Listen
	case containsFold(v, "accept"), containsFold(v, "receive"):
		d.direction = event.Inbound
	case containsFold(v, "connect"):
		d.direction = event.Outbound
	default:
		return false
	}
	return true
}

// setDirectionNumber takes 0 for outbound and 1 for inbound. Other numbers leave what
// is known already.
func setDirectionNumber(d *draft, v []byte) bool {
	switch string(v) {
	case "0":
		d.direction = event.Outbound
	case "1":
		d.direction = event.Inbound
	default:
		return false
	}
	return true
}

// protocols are the numbers that IANA assigned to what processes speak.
var protocols = map[string]string{"1": "icmp", "6": "tcp", "17": "udp", "58": "ipv6-icmp"}

// setProtocolNumber takes a protocol's number, or its name as transport does.
func setProtocolNumber(d *draft, v []byte) bool {
	if name, known := protocols[string(v)]; known {
		d.transport = d.symbols.Intern([]byte(name))
		return true
	}
	return setTransport(d, v)
}

// setFilterDirection reads the direction of the Windows Filtering Platform's events, a
// message of its own: %%14592 is inbound, %%14593 outbound.
func setFilterDirection(d *draft, v []byte) bool {
	switch {
	case bytes.Contains(v, []byte("14592")):
		d.direction = event.Inbound
	case bytes.Contains(v, []byte("14593")):
		d.direction = event.Outbound
	default:
		return setDirection(d, v)
	}
	return true
}

// addAnswers adds a list of answers to the one already there: a lookup of both kinds
// of addresses has two.
func addAnswers(d *draft, v []byte) bool {
	v = bytes.TrimLeft(v, ";")
	before := bytes.TrimRight(d.symbols.Bytes(d.answers), ";")
	switch {
	case len(v) == 0:
		return false
	case len(before) == 0:
		return setSym(d, &d.answers, v)
	}
	var room [256]byte
	return setSym(d, &d.answers, append(append(append(room[:0], before...), ';'), v...))
}
