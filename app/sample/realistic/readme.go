package realistic

import (
	"fmt"
	"time"
)

// readme is the text of README.txt.
func readme(w *world, sum Summary, f *figures) string {
	c := w.cfg
	return fmt.Sprintf(`Sample data, made by "schtaskhunt sample --profile %s"

None of this happened: the machines, people, vendors and attackers are generated.
%d devices, %s to %s, format %s, seed %d, tail %v, fresh %v%s.
%d events in %d file(s), newest first, all devices mixed.

%d planted channels ran %d times among %d rare benign kinds%s.
%-13s one row a run of a channel
%-13s one row a channel

Seeds 1 to 99 are for development, seeds from 1000 on for tests: what is tuned on one of
the first is judged on the second, and a test seed is never looked into.

%s
Made again, byte for byte, by the same version with these settings:
profile %s, devices %d, days %d, seed %d, tail %v, fresh %v%s, end %s.
`, c.profile(), c.Devices, stamp(w.from), stamp(w.to), c.Format, c.Seed, c.Tail, c.Fresh, w.more(), sum.Events, len(sum.Files),
		sum.Channels, sum.Runs, sum.Tail, map[bool]string{false: " of tasks"}[c.Roots], KeyFile, ChannelsFile, f, c.profile(), c.Devices, c.Days, c.Seed, c.Tail, c.Fresh, w.more(), c.End.UTC().Format(time.RFC3339))
}

// profile is the name by which the sample command makes such a fleet.
func (c Config) profile() string {
	if c.Roots {
		return "roots"
	}
	return "realistic"
}

// more names the channels beside those that every fleet has.
func (w *world) more() string {
	if w.cfg.Hijacks {
		return ", hijacks"
	}
	return ""
}

func stamp(t Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }
