package kql

import (
	"errors"
	"fmt"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// process is a row of DeviceProcessEvents, or a Sysmon event 1: what 27 columns need
// of it. Initiating is the process that started it.
type process struct {
	timestamp              event.Time
	creationTime           event.Time // Sysmon: UtcTime
	initiatingCreationTime event.Time
	id                     int64
	initiatingID           int64
	device                 textRef
	deviceName             textRef
	fileName               textRef
	commandLine            textRef
	initiatingFileName     textRef
	guid, initiatingGUID   textRef // Sysmon only
}

// processDetail is what all columns need besides.
type processDetail struct {
	folderPath, sha1, initiatingFolderPath, initiatingSHA1, initiatingCommandLine textRef
}

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
	if seen, err := l.sees(timestamp); !seen || err != nil {
		return err
	}
	device, initiating := l.texts.intern(c.text(s.deviceID)), l.texts.intern(c.text(s.initiatingFileName))
	p := l.defender.processes.next()
	p.timestamp = timestamp
	p.creationTime = c.time(s.creationTime)
	p.initiatingCreationTime = c.time(s.initiatingCreationTime)
	p.id, p.initiatingID = c.long(s.id), c.long(s.initiatingID)
	p.device, p.initiatingFileName = device.ref, initiating.ref
	p.deviceName, p.fileName = l.name(c.text(s.deviceName)), l.name(c.text(s.fileName))
	p.commandLine = l.text(c.text(s.commandLine))
	l.defender.parents.add(l.parentHash(p, device, initiating))
	if l.isDefenderScheduled(c, s) {
		l.defender.scheduled.add(l.defender.processes.last())
	}
	if l.options.AllColumns {
		l.defender.details.add(processDetail{
			folderPath: l.text(c.text(s.folderPath)), sha1: l.text(c.text(s.sha1)),
			initiatingFolderPath:  l.text(c.text(s.initiatingFolderPath)),
			initiatingSHA1:        l.text(c.text(s.initiatingSHA1)),
			initiatingCommandLine: l.text(c.text(s.initiatingCommandLine)),
		})
	}
	return nil
}

// parentHash is the hash of the key of what started p; 0 where it equals none.
func (l *Lane) parentHash(p *process, device, initiating name) keyHash {
	k := p.parentKey(false)
	if k.isUnmatched(false, l.options.NullKeysMatch) {
		return 0
	}
	return k.hash(device.hash, initiating.hash)
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
