package identity

import (
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Key returns what identifies the process for good, the same for the same process
// whatever order events came in: its id, else process id and creation time, else
// process id and the record time of its start, or without one the command line.
func (a *Actor) Key(symbols *event.Symbols) string {
	key := symbols.String(a.Device) + "|"
	switch y, isText := a.Self.ID.Text(); {
	case !a.Self.ID.IsZero():
		if isText {
			key += symbols.String(y)
		} else {
			key += string(a.Self.ID.AppendGUID(nil, 0))
		}
		if a.twin {
			key += "|" + strconv.FormatUint(uint64(a.Self.PID), 10)
		}
		return key
	case a.Self.Created != event.NoTime:
		return key + strconv.FormatUint(uint64(a.Self.PID), 10) + "|" + strconv.FormatInt(int64(a.Self.Created), 10)
	}
	key += strconv.FormatUint(uint64(a.Self.PID), 10) + "@" + strconv.FormatInt(int64(a.Time), 10)
	if a.Time == event.NoTime {
		key += "|" + symbols.String(a.Self.Command)
	}
	return key
}
