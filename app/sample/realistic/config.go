package realistic

import (
	"slices"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// Config says what fleet to make.
type Config struct {
	Devices int     // machines at the end of the log
	Days    int     // of history
	Seed    uint64  // 1 to 99 for development, 1000 and above for tests (README of the sample)
	Format  string  // one of Formats
	Tail    float64 // rare kinds of benign tasks a device
	Fresh   float64 // the planted channels begin within so many last days; 0: before the log
	Roots   bool    // the tail and the channels are those of other roots than the Task Scheduler
	Hijacks bool    // more channels: tasks of Windows that keep their names
	End     time.Time
	OneFile bool
	Gzip    bool
}

// Formats lists the formats that the fleet can be written in.
func Formats() []string {
	return []string{sample.FormatSysmon, sample.FormatSysmonXML, sample.FormatDefender}
}

const (
	maxDevices = 200_000
	maxDays    = 400
	maxTail    = 20
)

// complete fills in what is missing and refuses what cannot be.
func (c Config) complete() (Config, error) {
	if c.End.IsZero() {
		c.End = sample.DefaultEnd
	}
	if c.Format == "" {
		c.Format = sample.FormatSysmon
	}
	switch {
	case c.Devices < 20 || c.Devices > maxDevices:
		return c, sample.Wrong("devices", "%d is not between 20 and %d, as the realistic profile needs", c.Devices, maxDevices)
	case c.Days < 1 || c.Days > maxDays:
		return c, sample.Wrong("days", "%d is not between 1 and %d", c.Days, maxDays)
	case !(c.Tail >= 0 && c.Tail <= maxTail):
		return c, sample.Wrong("tail", "%v is not between 0 and %d", c.Tail, maxTail)
	case !(c.Fresh >= 0 && c.Fresh <= float64(c.Days)):
		return c, sample.Wrong("fresh", "%v is not between 0 and the %d days of the log", c.Fresh, c.Days)
	case !slices.Contains(Formats(), c.Format):
		return c, sample.Wrong("format", "the realistic profile is not written as %q but as %s", c.Format, strings.Join(Formats(), ", "))
	}
	return c, nil
}
