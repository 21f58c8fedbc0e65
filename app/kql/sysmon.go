package kql

import (
	"bytes"
	"regexp"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// addSysmonProcess adds a Sysmon event 1. The device is the Computer; the creation
// time is UtcTime, which is the event's own as well.
func (q *Query) addSysmonProcess(c *cells, s *sysmonSlots) error {
	timestamp, err := c.timestamp(s.utcTime)
	if err != nil || !q.window.sees(timestamp) {
		return err
	}
	device := q.intern(first(c.rec, s.devices))
	q.sysmon.processes.add(process{
		timestamp:          timestamp,
		creationTime:       timestamp,
		id:                 c.long(s.id),
		initiatingID:       c.long(s.parentID),
		device:             device,
		deviceName:         device,
		fileName:           q.intern(baseName(c.text(s.image))),
		commandLine:        q.texts.keep(c.text(s.commandLine)),
		initiatingFileName: q.intern(baseName(c.text(s.parentImage))),
		guid:               q.guid(c.text(s.guid)),
		initiatingGUID:     q.guid(c.text(s.parentGUID)),
		scheduled: isSysmonScheduler(c.text(s.parentImage), c.text(s.parentCommandLine)) &&
			!q.allowed(c.text(s.commandLine), c.text(s.image)),
	})
	if q.options.AllColumns {
		q.sysmon.details.add(processDetail{
			folderPath: q.intern(c.text(s.image)), sha1: q.intern(sha1Of(c.text(s.hashes))),
			initiatingFolderPath:  q.intern(c.text(s.parentImage)),
			initiatingCommandLine: q.intern(c.text(s.parentCommandLine)),
		})
	}
	return nil
}

// addSysmonConnection adds a Sysmon event 3. The remote side is the destination, of
// whatever direction; Sysmon has no ActionType.
func (q *Query) addSysmonConnection(c *cells, s *sysmonSlots) error {
	timestamp, err := c.timestamp(s.utcTime)
	if err != nil || !q.window.sees(timestamp) {
		return err
	}
	ip, url := c.text(s.destinationIP), c.text(s.destinationHostname)
	ipType := sysmonIPType(ip)
	if q.leftOut(nil, ip, url, ipType) {
		return nil
	}
	q.sysmon.connections.add(connection{
		timestamp:    timestamp,
		id:           c.long(s.id),
		remotePort:   c.long(s.destinationPort),
		device:       q.intern(first(c.rec, s.devices)),
		fileName:     q.intern(baseName(c.text(s.image))),
		remoteIP:     q.intern(ip),
		remoteURL:    q.intern(url),
		remoteIPType: q.intern(ipType),
		guid:         q.guid(c.text(s.guid)),
	})
	if q.options.AllColumns {
		q.addSysmonCells(c, s, ipType)
	}
	return nil
}

// addSysmonCells gives Sysmon's fields the names of Defender's columns.
func (q *Query) addSysmonCells(c *cells, s *sysmonSlots, ipType []byte) {
	device := first(c.rec, s.devices)
	values := map[string][]byte{
		"Timestamp": c.text(s.utcTime), "DeviceId": device, "DeviceName": device,
		"RemoteIP": c.text(s.destinationIP), "RemotePort": c.text(s.destinationPort), "RemoteUrl": c.text(s.destinationHostname),
		"LocalIP": c.text(s.sourceIP), "LocalPort": c.text(s.sourcePort), "Protocol": c.text(s.protocol),
		"RemoteIPType": ipType, "InitiatingProcessFileName": baseName(c.text(s.image)),
		"InitiatingProcessId": c.text(s.id), "InitiatingProcessFolderPath": c.text(s.image),
	}
	var row connectionCells
	for i, column := range networkColumns {
		row[i] = q.intern(values[column.name])
	}
	q.sysmon.cells.add(row)
}

const zeroGUID = "00000000-0000-0000-0000-000000000000"

// guid returns the symbol of a ProcessGuid in capitals and without braces; collectors
// write it in all ways. None and the all-zero one are none.
func (q *Query) guid(text []byte) event.Sym {
	q.folded = q.folded[:0]
	for _, b := range text {
		if b >= 'a' && b <= 'z' {
			b -= 'a' - 'A'
		}
		if b != '{' && b != '}' {
			q.folded = append(q.folded, b)
		}
	}
	if string(q.folded) == zeroGUID {
		return event.NoSym
	}
	return q.intern(q.folded)
}

// baseName returns what follows the last separator of a path.
func baseName(path []byte) []byte { return path[bytes.LastIndexAny(path, `\/`)+1:] }

// executable is the beginning of a command line up to the name of the program.
var executable = regexp.MustCompile(`(?i)^"?[^"]*?([^\\/" ]+\.exe)"?`)

// isSysmonScheduler reports whether a parent is the scheduler. Sysmon writes its
// program with its folder, at times in quotes, which Defender's table does not have;
// letter case aside, the rest is as in the query.
func isSysmonScheduler(image, commandLine []byte) bool {
	if !bytes.EqualFold(baseName(image), []byte(schedulerFileName)) {
		return false
	}
	plain := executable.ReplaceAll(bytes.Trim(commandLine, " "), []byte("$1"))
	return bytes.EqualFold(plain, []byte(schedulerCommandLine))
}

var (
	privateIP = regexp.MustCompile(`^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.)|^(?i:f[cd][0-9a-f]{2}:)`)

	typePrivate, typePublic = []byte("Private"), []byte("Public")
)

// sysmonIPType stands in for Defender's RemoteIPType, of which the query tells only
// Private from the rest: RFC 1918 and, for IPv6, RFC 4193.
func sysmonIPType(ip []byte) []byte {
	if privateIP.Match(ip) {
		return typePrivate
	}
	return typePublic
}

// sha1Of takes the SHA1 out of Sysmon's list of hashes.
func sha1Of(hashes []byte) []byte {
	for part := range bytes.SplitSeq(hashes, []byte(",")) {
		if digest, ok := bytes.CutPrefix(part, []byte("SHA1=")); ok {
			return bytes.ToLower(digest)
		}
	}
	return nil
}
