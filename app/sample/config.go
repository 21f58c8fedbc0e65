// Package sample generates the telemetry of a fleet that never existed: Windows
// machines with services, users, the usual scheduled tasks, and a few planted
// tasks that call home, together with the key that says which ones.
//
// Everything follows from Config: the same configuration gives the same bytes,
// whatever the clock, the machine or the number of processors. Devices are made
// one after another and independently, so memory is bounded by one device.
package sample

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// The formats that a fleet can be written in.
const (
	FormatSysmon    = "sysmon"     // Sysmon as flat JSON lines
	FormatSysmonXML = "sysmon-xml" // Sysmon as Splunk's XmlWinEventLog lines
	FormatDefender  = "defender"   // Defender advanced hunting as Event Hub JSON lines
	FormatFalcon    = "falcon"     // CrowdStrike Falcon Data Replicator as JSON lines
)

// Formats lists the formats that the program reads by itself.
func Formats() []string { return []string{FormatSysmon, FormatSysmonXML, FormatDefender} }

// AllFormats lists the accepted values of Config.Format: besides Formats those that a
// hunt reads with a plugin only.
func AllFormats() []string { return append(Formats(), FormatFalcon) }

// DefaultEnd is where a fleet's history ends unless Config says otherwise. It is
// fixed so that output never depends on the clock.
var DefaultEnd = time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)

// Config says what fleet to make. Zero values stand for the defaults.
type Config struct {
	Devices int       // number of machines; default 200
	Days    float64   // length of the history in days; default 7
	Seed    uint64    // what all randomness grows from; 0 is a seed like any other
	Format  string    // one of AllFormats; default FormatSysmon
	End     time.Time // newest instant of the history; default DefaultEnd

	// Scale is the amount of ordinary activity; 1, the default, is about 270
	// events a device and day. Below 1 everything benign is thinned but for the
	// first run of each task; above 1 users do more.
	Scale float64
	// Plants is the number of planted tasks; default the larger of 10 and
	// Devices/10. The first nine call out from depth 1, 2, ... 9.
	Plants int
	// MissingEnds is the share of process ends that the sensor lost; 0 stands
	// for 0.05, a negative value for none.
	MissingEnds float64

	OneFile bool // one file of events instead of one a day
	Gzip    bool // compress the files of events
}

// Default returns the configuration that zero values stand for. Plants stays
// zero, as it goes by the number of devices.
func Default() Config {
	return Config{Devices: 200, Days: 7, Format: FormatSysmon, End: DefaultEnd, Scale: 1, MissingEnds: 0.05}
}

// The bounds keep a slip of the finger from filling a disk.
const (
	maxDevices = 1_000_000
	maxDays    = 3660
	maxScale   = 1000
)

// complete returns c with defaults filled in, or an error that names the field,
// the value and what is accepted.
func (c Config) complete() (Config, error) {
	d := Default()
	c.Devices = orDefault(c.Devices, d.Devices)
	c.Days = orDefault(c.Days, d.Days)
	c.Scale = orDefault(c.Scale, d.Scale)
	c.Format = orDefault(c.Format, d.Format)
	c.Plants = orDefault(c.Plants, max(10, c.Devices/10))
	c.MissingEnds = max(0, orDefault(c.MissingEnds, d.MissingEnds))
	if c.End.IsZero() {
		c.End = d.End
	}
	return c, c.check()
}

func orDefault[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

// ConfigError says which field of a Config cannot be as it is.
type ConfigError struct{ Field, Text string }

// Error implements error.
func (e *ConfigError) Error() string { return e.Field + ": " + e.Text }

// Wrong returns the ConfigError of a field.
func Wrong(field, format string, args ...any) error {
	return &ConfigError{Field: field, Text: fmt.Sprintf(format, args...)}
}

func (c Config) check() error {
	switch {
	case c.Devices < 1 || c.Devices > maxDevices:
		return Wrong("devices", "%d is not between 1 and %d", c.Devices, maxDevices)
	case !(c.Days >= minDays && c.Days <= maxDays):
		return Wrong("days", "%v is not between %v (one hour) and %d", c.Days, float32(minDays), maxDays)
	case !(c.Scale > 0 && c.Scale <= maxScale):
		return Wrong("scale", "%v is not above 0 and at most %d", c.Scale, maxScale)
	case c.Plants < 1 || c.Plants > maxDevices:
		return Wrong("plants", "%d is not between 1 and %d", c.Plants, maxDevices)
	case !(c.MissingEnds <= 1):
		return Wrong("missing ends", "%v is not a share of at most 1", c.MissingEnds)
	case !slices.Contains(AllFormats(), c.Format):
		return Wrong("format", "%q is not one of %s", c.Format, strings.Join(AllFormats(), ", "))
	case c.End.Year() < 1980 || c.End.Year() > 2100:
		return Wrong("end", "%s is not between the years 1980 and 2100", c.End.UTC().Format(time.RFC3339))
	}
	return nil
}

const minDays = 1.0 / 24

// window returns the first instant of the history and the first one after it.
func (c Config) window() (from, to Time) {
	to = timeOf(c.End)
	return to - Time(math.Round(c.Days*float64(day))), to
}
