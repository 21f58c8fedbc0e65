package read

import (
	"bytes"
	"regexp"

	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
)

// addSysmonProcess adds a Sysmon event 1. The device is the Computer; the creation
// time is UtcTime, which is the event's own as well.
func (l *Lane) addSysmonProcess(c *cells, s *sysmonSlots) error {
	timestamp, err := c.timestamp(s.utcTime)
	if err != nil {
		return err
	}
	device := l.device(&l.sysmon, first(c.rec, s.devices))
	if seen, err := l.sees(timestamp); !seen || err != nil {
		return err
	}
	parent := l.guid(c.text(s.parentGUID))
	p := l.sysmon.Processes.Next()
	p.Timestamp, p.CreationTime = timestamp, timestamp
	p.ID, p.InitiatingID = c.long(s.id), c.long(s.parentID)
	p.Device, p.DeviceName = device.Ref, device.Ref
	p.FileName, p.InitiatingFileName = l.name(baseName(c.text(s.image))), l.name(baseName(c.text(s.parentImage)))
	p.CommandLine = l.text(c.text(s.commandLine))
	p.GUID, p.InitiatingGUID = l.guid(c.text(s.guid)).Ref, parent.Ref
	l.sysmon.Parents.Add(sysmonParentHash(p, device, parent))
	if isSysmonScheduler(c.text(s.parentImage), c.text(s.parentCommandLine)) && !l.allowed(c.text(s.commandLine), c.text(s.image)) {
		l.sysmon.Scheduled.Add(l.sysmon.Processes.Last())
	}
	if l.conditions.AllColumns {
		l.sysmon.Details.Add(keep.ProcessDetail{
			FolderPath: l.text(c.text(s.image)), SHA1: l.text(sha1Of(c.text(s.hashes))),
			InitiatingFolderPath:  l.text(c.text(s.parentImage)),
			InitiatingCommandLine: l.text(c.text(s.parentCommandLine)),
		})
	}
	return nil
}

// sysmonParentHash is the hash of the key of what started p. A process without a
// ProcessGuid of its own is no child: nothing could be joined to it.
func sysmonParentHash(p *keep.Process, device, parent keep.Name) keep.KeyHash {
	k := p.ParentKey(true)
	if p.GUID == 0 || k.IsUnmatched(true, false) {
		return 0
	}
	return k.Hash(device.Hash, parent.Hash)
}

// addSysmonConnection adds a Sysmon event 3. The remote side is the destination, of
// whatever direction; Sysmon has no ActionType.
func (l *Lane) addSysmonConnection(c *cells, s *sysmonSlots) error {
	timestamp, err := c.timestamp(s.utcTime)
	if err != nil {
		return err
	}
	device := l.device(&l.sysmon, first(c.rec, s.devices))
	if seen, err := l.sees(timestamp); !seen || err != nil {
		return err
	}
	ip, url := c.text(s.destinationIP), c.text(s.destinationHostname)
	ipType := sysmonIPType(ip)
	if l.leftOut(nil, ip, url, ipType) {
		return nil
	}
	guid := l.guid(c.text(s.guid))
	n := l.sysmon.Connections.Next()
	n.Timestamp = timestamp
	n.ID, n.RemotePort = c.long(s.id), c.long(s.destinationPort)
	n.Device, n.FileName = device.Ref, l.name(baseName(c.text(s.image)))
	n.RemoteIP, n.RemoteURL, n.RemoteIPType = l.text(ip), l.text(url), l.name(ipType)
	n.GUID = guid.Ref
	k := n.ProcessKey(true)
	l.sysmon.Owners.Add(k.Owner(guid.Hash, true))
	if l.conditions.AllColumns {
		l.addSysmonCells(c, s, ipType)
	}
	return nil
}

// addSysmonCells gives Sysmon's fields the names of Defender's columns.
func (l *Lane) addSysmonCells(c *cells, s *sysmonSlots, ipType []byte) {
	device := first(c.rec, s.devices)
	values := map[string][]byte{
		"Timestamp": c.text(s.utcTime), "DeviceId": device, "DeviceName": device,
		"RemoteIP": c.text(s.destinationIP), "RemotePort": c.text(s.destinationPort), "RemoteUrl": c.text(s.destinationHostname),
		"LocalIP": c.text(s.sourceIP), "LocalPort": c.text(s.sourcePort), "Protocol": c.text(s.protocol),
		"RemoteIPType": ipType, "InitiatingProcessFileName": baseName(c.text(s.image)),
		"InitiatingProcessId": c.text(s.id), "InitiatingProcessFolderPath": c.text(s.image),
	}
	row := l.sysmon.Cells.Next()
	for i, column := range keep.NetworkColumns {
		row[i] = l.text(values[column.Name])
	}
}

const zeroGUID = "00000000-0000-0000-0000-000000000000"

// guid keeps a ProcessGuid in capitals and without braces; collectors write it in all
// ways. None and the all-zero one are none.
func (l *Lane) guid(text []byte) keep.Name {
	l.folded = l.folded[:0]
	for _, b := range text {
		if b >= 'a' && b <= 'z' {
			b -= 'a' - 'A'
		}
		if b != '{' && b != '}' {
			l.folded = append(l.folded, b)
		}
	}
	if string(l.folded) == zeroGUID {
		return keep.Name{}
	}
	return l.texts.Intern(l.folded)
}

// baseName returns what follows the last separator of a path.
func baseName(path []byte) []byte { return path[bytes.LastIndexAny(path, `\/`)+1:] }

// schedulerTail rules out the other services at a glance. It is without the s of
// Schedule, which EqualFold lets be a letter of two bytes.
const schedulerTail = "chedule"

// executable is the beginning of a command line up to the name of the program.
var executable = regexp.MustCompile(`(?i)^"?[^"]*?([^\\/" ]+\.exe)"?`)

// isSysmonScheduler reports whether a parent is the scheduler. Sysmon writes its
// program with its folder, at times in quotes, which Defender's table does not have;
// letter case aside, the rest is as in the query.
func isSysmonScheduler(image, commandLine []byte) bool {
	if !bytes.EqualFold(baseName(image), []byte(schedulerFileName)) {
		return false
	}
	commandLine = bytes.Trim(commandLine, " ")
	if from := len(commandLine) - len(schedulerTail); from < 0 || !bytes.EqualFold(commandLine[from:], []byte(schedulerTail)) {
		return false
	}
	plain := executable.ReplaceAll(commandLine, []byte("$1"))
	return bytes.EqualFold(plain, []byte(schedulerCommandLine))
}

var typePrivate, typePublic = []byte("Private"), []byte("Public")

// sysmonIPType stands in for Defender's RemoteIPType, of which the query tells only
// Private from the rest: RFC 1918 and, for IPv6, RFC 4193. It goes by the text.
func sysmonIPType(ip []byte) []byte {
	if isPrivateV4(ip) || isUniqueLocalV6(ip) {
		return typePrivate
	}
	return typePublic
}

func isPrivateV4(ip []byte) bool {
	if !bytes.HasPrefix(ip, []byte("172.")) || len(ip) < len("172.16.") || ip[len("172.16")] != '.' {
		return bytes.HasPrefix(ip, []byte("10.")) || bytes.HasPrefix(ip, []byte("192.168."))
	}
	second := twoDigits(ip[4], ip[5])
	return second >= 16 && second <= 31
}

func isUniqueLocalV6(ip []byte) bool {
	const lowerCase = 'a' - 'A'
	return len(ip) >= len("fd00:") && ip[0]|lowerCase == 'f' && (ip[1]|lowerCase == 'c' || ip[1]|lowerCase == 'd') &&
		isHex(ip[2]) && isHex(ip[3]) && ip[4] == ':'
}

func isHex(b byte) bool { return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F' }

// sha1Of takes the SHA1 out of Sysmon's list of hashes.
func sha1Of(hashes []byte) []byte {
	for part := range bytes.SplitSeq(hashes, []byte(",")) {
		if digest, ok := bytes.CutPrefix(part, []byte("SHA1=")); ok {
			return bytes.ToLower(digest)
		}
	}
	return nil
}
