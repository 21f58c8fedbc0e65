package sink

import (
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Times are what Options.Times may be.
var Times = []string{"epoch", "iso", "local"}

// timeColumns are the columns that hold times.
var timeColumns = map[string]bool{"_time": true, "first_seen": true, "last_seen": true, "record_time": true, "sensor_time": true}

// isoTime has as many digits as a time needs, up to the 100 ns that logs have.
const isoTime = "2006-01-02T15:04:05.9999999Z07:00"

// clock returns what writes epoch seconds as the options ask. What is no time stays.
func (j *job) clock() func(epoch string) string {
	place := time.UTC
	switch j.Times {
	case "iso":
	case "local":
		place = time.Local
	default:
		return func(epoch string) string { return epoch }
	}
	return func(epoch string) string { return isoOf(epoch, place) }
}

func isoOf(epoch string, place *time.Location) string {
	t, ok := event.ParseTime([]byte(epoch))
	if !ok || strings.ContainsAny(epoch, ":") {
		return epoch
	}
	return t.Std().In(place).Format(isoTime)
}
