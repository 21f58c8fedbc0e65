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
	device                 event.Sym
	deviceName             event.Sym
	fileName               event.Sym
	commandLine            textRef
	initiatingFileName     event.Sym
	guid, initiatingGUID   event.Sym // Sysmon only
	scheduled              bool      // a row of `sched`
}

// processDetail is what all columns need besides.
type processDetail struct {
	folderPath, sha1, initiatingFolderPath, initiatingSHA1, initiatingCommandLine event.Sym
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
	t, ok := event.ParseTime(v)
	if !ok || t == event.NoTime {
		return t, fmt.Errorf("reading %s: %q is no time", names.Name(s), v)
	}
	return t, nil
}

// addDefenderProcess adds a row of DeviceProcessEvents.
func (q *Query) addDefenderProcess(c *cells, s *processSlots) error {
	timestamp, err := c.timestamp(s.timestamp)
	if err != nil || !q.window.sees(timestamp) {
		return err
	}
	q.defender.processes.add(process{
		timestamp:              timestamp,
		creationTime:           c.time(s.creationTime),
		initiatingCreationTime: c.time(s.initiatingCreationTime),
		id:                     c.long(s.id),
		initiatingID:           c.long(s.initiatingID),
		device:                 q.intern(c.text(s.deviceID)),
		deviceName:             q.intern(c.text(s.deviceName)),
		fileName:               q.intern(c.text(s.fileName)),
		commandLine:            q.texts.keep(c.text(s.commandLine)),
		initiatingFileName:     q.intern(c.text(s.initiatingFileName)),
		scheduled: string(c.text(s.initiatingFileName)) == schedulerFileName &&
			string(c.text(s.initiatingCommandLine)) == schedulerCommandLine &&
			!q.allowed(c.text(s.commandLine), c.text(s.folderPath)),
	})
	if q.options.AllColumns {
		q.defender.details.add(processDetail{
			folderPath: q.intern(c.text(s.folderPath)), sha1: q.intern(c.text(s.sha1)),
			initiatingFolderPath:  q.intern(c.text(s.initiatingFolderPath)),
			initiatingSHA1:        q.intern(c.text(s.initiatingSHA1)),
			initiatingCommandLine: q.intern(c.text(s.initiatingCommandLine)),
		})
	}
	return nil
}

// allowed applies the query's two allow-lists.
func (q *Query) allowed(commandLine, folderPath []byte) bool {
	return q.allowCommand.any(commandLine) || q.allowPath.any(folderPath)
}
