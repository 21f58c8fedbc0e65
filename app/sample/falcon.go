package sample

import (
	"fmt"
	"strconv"
	"strings"
)

// appendFalcon appends the event as a line of CrowdStrike's Falcon Data Replicator:
// flat, every value a string. What the program does not read is mostly left out.
func appendFalcon(dst []byte, e *Event) []byte {
	o := object{append(dst, '{')}
	o.text("event_simpleName", falconName(e))
	switch e.Kind {
	case ProcessStart, Running:
		falconStart(&o, e)
	case ProcessEnd:
		falconEnd(&o, e)
	case Connect:
		falconConnection(&o, e)
	case Lookup:
		falconLookup(&o, e)
	}
	dev := e.Process.Device
	if dev.UniqueIDs && e.Record%2 == 0 { // of some events only, as sensors in transition do
		o.text("ComputerName", dev.computerName())
	}
	o.text("event_platform", "Win")
	o.text("aid", dev.aid())
	o.text("cid", "7d1f0f526a0c4e0e9d55000000000000")
	o.text("id", fmt.Sprintf("%08x-%04x-11f1-8a6e-%012x", dev.Machine, dev.Index&0xffff, e.Record))
	o.text("timestamp", strconv.FormatInt(int64((e.Recorded+900*millisecond)/millisecond), 10))
	return append(o.b, "}\n"...)
}

// falconName is the kind of the event.
func falconName(e *Event) string {
	switch e.Kind {
	case ProcessStart:
		return "ProcessRollup2"
	case Running:
		return "SyntheticProcessRollup2"
	case ProcessEnd:
		return "EndOfProcess"
	case Lookup:
		return "DnsRequest"
	}
	return e.falconAction()
}

// falconAction is the kind of a connection. Whether it came about is not told.
func (e *Event) falconAction() string {
	name := "NetworkConnectIP"
	if e.Remote.Inbound {
		name = "NetworkReceiveAcceptIP"
	}
	if e.Remote.Peer.Addr().Is6() {
		return name + "6"
	}
	return name + "4"
}

func falconStart(o *object, e *Event) {
	p := e.Process
	o.text("TargetProcessId", p.falconID())
	o.text("ParentProcessId", p.falconParent())
	if e.Kind == ProcessStart && p.Parent != nil && !p.ParentHidden {
		o.text("ParentBaseFileName", p.Parent.Name())
	}
	if e.Kind == Running {
		o.text("ContextTimeStamp", falconTime(e.At))
		o.text("SyntheticPR2Flags", "8")
	}
	o.text("RawProcessId", number(p.PID))
	o.text("ProcessStartTime", falconTime(p.Start))
	o.text("ProcessEndTime", "")
	o.text("ImageFileName", p.devicePath())
	o.text("CommandLine", p.Command)
	o.text("SHA1HashData", strings.Repeat("0", 40))
	o.text("SHA256HashData", digest("SHA256", p.Image, 64))
	o.text("MD5HashData", digest("MD5", p.Image, 32))
	o.text("UserSid", p.User.SID)
}

func falconEnd(o *object, e *Event) {
	p := e.Process
	o.text("TargetProcessId", p.falconID())
	o.text("ContextProcessId", p.falconID())
	o.text("ParentProcessId", p.falconParent())
	o.text("RawProcessId", number(p.PID))
	o.text("ContextTimeStamp", falconTime(e.At))
	o.text("ProcessStartTime", falconTime(p.Start))
}

// falconActor tells the process that did something. The sensor always knows it.
func falconActor(o *object, e *Event) {
	o.text("ContextProcessId", e.Process.falconID())
	o.text("ContextBaseFileName", e.Process.Name())
	o.text("ContextTimeStamp", falconTime(e.At))
}

func falconConnection(o *object, e *Event) {
	r := &e.Remote
	falconActor(o, e)
	family, protocol, direction := "IP4", "6", "0"
	if r.Peer.Addr().Is6() {
		family = "IP6"
	}
	if r.UDP {
		protocol = "17"
	}
	if r.Inbound {
		direction = "1"
	}
	o.text("LocalAddress"+family, longAddr(r.Local.Addr()))
	o.text("LocalPort", number(uint32(r.Local.Port())))
	o.text("RemoteAddress"+family, longAddr(r.Peer.Addr()))
	o.text("RemotePort", number(uint32(r.Peer.Port())))
	o.text("Protocol", protocol)
	o.text("ConnectionDirection", direction)
}

func falconLookup(o *object, e *Event) {
	r := &e.Remote
	falconActor(o, e)
	o.text("DomainName", r.Query)
	o.text("RequestType", "1")
	o.text("DualRequest", "1")
	o.text("QueryStatus", strconv.Itoa(r.Status))
	var four, six strings.Builder
	for _, a := range r.Addresses {
		if a.Is4() {
			four.WriteString(a.String() + ";")
		} else {
			six.WriteString(a.String() + ";")
		}
	}
	for _, f := range []field{{"IP4Records", four.String()}, {"IP6Records", six.String()}, {"CNAMERecords", r.Alias}} {
		if f.value != "" {
			o.text(f.name, f.value)
		}
	}
}

// falconTime is seconds since 1970 with three digits behind the point.
func falconTime(t Time) string { return fmt.Sprintf("%d.%03d", t/second, t%second/millisecond) }

// aid stands in for the id of the sensor.
func (dev *Device) aid() string { return dev.ID[:32] }

// computerName is the host's name without its domain.
func (dev *Device) computerName() string {
	name, _, _ := strings.Cut(dev.Name, ".")
	return name
}

// falconID stands in for the id that a sensor gives a process: another one for every
// process of a device, while devices have ids in common.
func (p *Process) falconID() string {
	return strconv.FormatUint(uint64(p.Boot)<<40|uint64(p.Serial)*997, 10)
}

func (p *Process) falconParent() string {
	if p.Parent == nil || p.ParentHidden {
		return "0"
	}
	return p.Parent.falconID()
}

// devicePath is the path of the image as the kernel has it: a volume for the drive.
func (p *Process) devicePath() string {
	rest, onDisk := strings.CutPrefix(p.Image, "C:")
	if !onDisk {
		return p.Image
	}
	return fmt.Sprintf(`\Device\HarddiskVolume%d%s`, 1+p.Device.Index%4, rest)
}
