package read

import (
	"errors"
	"fmt"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// The scheduler as the query spells it: compared letter by letter.
const (
	schedulerFileName    = "svchost.exe"
	schedulerCommandLine = "svchost.exe -k netsvcs -p -s Schedule"
)

var errNoTimestamp = errors.New("the event has no time: the query's first condition drops it")

// timestamp reads the time of an event; without one, the event is none.
func (c *cells) timestamp(s record.Slot) (event.Time, error) {
	v := c.text(s)
	if v == nil {
		return event.NoTime, errNoTimestamp
	}
	t, ok := c.clock.parse(v)
	if !ok || t == event.NoTime {
		return t, fmt.Errorf("reading %s: %q is no time", names.Name(s), v)
	}
	return t, nil
}

// addDefenderProcess adds a row of DeviceProcessEvents.
func (l *Lane) addDefenderProcess(c *cells, s *processSlots) error {
	timestamp, err := c.timestamp(s.timestamp)
	if err != nil {
		return err
	}
	device := l.device(&l.defender, c.text(s.deviceID))
	if seen, err := l.sees(timestamp); !seen || err != nil {
		return err
	}
	initiating := l.texts.Intern(c.text(s.initiatingFileName))
	p := l.defender.Processes.Next()
	p.Timestamp = timestamp
	p.CreationTime = c.time(s.creationTime)
	p.InitiatingCreationTime = c.time(s.initiatingCreationTime)
	p.ID, p.InitiatingID = c.long(s.id), c.long(s.initiatingID)
	p.Device, p.InitiatingFileName = device.Ref, initiating.Ref
	p.DeviceName, p.FileName = l.name(c.text(s.deviceName)), l.name(c.text(s.fileName))
	p.CommandLine = l.text(c.text(s.commandLine))
	l.defender.Parents.Add(l.parentHash(p, device, initiating))
	if l.isDefenderScheduled(c, s) {
		l.defender.Scheduled.Add(l.defender.Processes.Last())
	}
	if l.conditions.AllColumns {
		l.defender.Details.Add(keep.ProcessDetail{
			FolderPath: l.text(c.text(s.folderPath)), SHA1: l.text(c.text(s.sha1)),
			InitiatingFolderPath:  l.text(c.text(s.initiatingFolderPath)),
			InitiatingSHA1:        l.text(c.text(s.initiatingSHA1)),
			InitiatingCommandLine: l.text(c.text(s.initiatingCommandLine)),
		})
	}
	return nil
}

// parentHash is the hash of the key of what started p; 0 where it equals none.
func (l *Lane) parentHash(p *keep.Process, device, initiating keep.Name) keep.KeyHash {
	k := p.ParentKey(false)
	if k.IsUnmatched(false, l.conditions.NullKeysMatch) {
		return 0
	}
	return k.Hash(device.Hash, initiating.Hash)
}

// isDefenderScheduled reports whether a process is a row of the query's `sched`.
func (l *Lane) isDefenderScheduled(c *cells, s *processSlots) bool {
	return string(c.text(s.initiatingFileName)) == schedulerFileName &&
		string(c.text(s.initiatingCommandLine)) == schedulerCommandLine &&
		!l.allowed(c.text(s.commandLine), c.text(s.folderPath))
}

// allowed applies the query's two allow-lists.
func (l *Lane) allowed(commandLine, folderPath []byte) bool {
	return l.allowCommand.any(commandLine) || l.allowPath.any(folderPath)
}

// addDefenderConnection adds a row of DeviceNetworkEvents.
func (l *Lane) addDefenderConnection(c *cells, s *networkSlots) error {
	timestamp, err := c.timestamp(s.timestamp)
	if err != nil {
		return err
	}
	device := l.device(&l.defender, c.text(s.deviceID))
	if seen, err := l.sees(timestamp); !seen || err != nil {
		return err
	}
	action, ip, url, ipType := c.text(s.actionType), c.text(s.remoteIP), c.text(s.remoteURL), c.text(s.remoteIPType)
	if l.leftOut(action, ip, url, ipType) {
		return nil
	}
	n := l.defender.Connections.Next()
	n.Timestamp, n.CreationTime = timestamp, c.time(s.initiatingCreationTime)
	n.ID, n.RemotePort = c.long(s.initiatingID), c.long(s.remotePort)
	n.Device, n.FileName = device.Ref, l.name(c.text(s.initiatingFileName))
	n.ActionType, n.RemoteIPType = l.name(action), l.name(ipType)
	n.RemoteIP, n.RemoteURL = l.text(ip), l.text(url)
	k := n.ProcessKey(false)
	l.defender.Owners.Add(k.Owner(0, false))
	if l.conditions.AllColumns {
		row := l.defender.Cells.Next()
		for i, slot := range s.all {
			row[i] = l.text(c.text(slot))
		}
	}
	return nil
}

// leftOut is what stands at the end of the query:
//
//	| where RemoteIP !in ("::1","127.0.0.1","::ffff:127.0.0.1") and RemoteIPType <> "Private"
//	| where not(RemoteUrl has_any("corel.com","ocsp.digicert.com","avast.com"))
//	| where ActionType != "ListeningConnectionCreated"
//
// These conditions ask for the connection alone, so that they may come before the
// join as well as after it. An empty text passes all of them.
func (l *Lane) leftOut(action, ip, url, ipType []byte) bool {
	return string(ipType) == "Private" || string(action) == "ListeningConnectionCreated" ||
		slices.Contains(l.conditions.Loopbacks, string(ip)) || l.urls.any(url)
}
