package sample

import (
	"fmt"
	"strings"
	"time"
)

// readme is the text of README.txt.
func readme(cfg Config, sum Summary) string {
	from, to := cfg.window()
	var b strings.Builder
	fmt.Fprintf(&b, `Sample data, made by "schtaskhunt sample"

None of this happened: the machines, people and attackers are generated.
%d devices, %s to %s, format %s, seed %d.
%d events in %d file(s), newest first, all devices mixed.

%d planted scheduled tasks ran %d times and call home.
%-18s one row a planted process and remote end (%d rows)
%-18s one row a planted process (%d rows)
%-18s the addresses, names and digests that only planted tasks have,
                   as a list for schtaskhunt-enrich-list

Hunt it, and compare with the key:

    schtaskhunt hunt --recent all --lookback all %s

The column tie of %s says how an event tells its process: guid, uid
(ProcessUniqueId), pid_time (PID and creation time), or pid, where the sensor
kept nothing but the PID. The column public is f for remote ends inside the
network, such as a proxy: add --internal include to see these.

Not in the key, yet rare: OneDriveStandaloneUpdater.exe, a benign task whose
command line holds the user's name. An allow-list takes it out:
--allow-path '*\OneDriveStandaloneUpdater.exe'

Made again, byte for byte, by the same version with these settings:
devices %d, days %v, seed %d, scale %v, plants %d, end %s.
`, sum.Devices, stamp(from), stamp(to), cfg.Format, cfg.Seed, sum.Events, len(sum.Files),
		cfg.Plants, sum.PlantedTrees, KeyFile, sum.PlantedConnections, NodesKeyFile, sum.PlantedProcesses, IndicatorsFile,
		pattern(cfg), KeyFile,
		cfg.Devices, cfg.Days, cfg.Seed, cfg.Scale, cfg.Plants, cfg.End.UTC().Format(time.RFC3339))
	if cfg.Format == FormatFalcon {
		b.WriteString("\nFalcon's events are read with the plugin schtaskhunt-map-falcon only.\n")
	}
	return b.String()
}

func stamp(t Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

// pattern names the files of events for a shell.
func pattern(cfg Config) string {
	if cfg.OneFile {
		return (&dayFiles{cfg: cfg}).name(0)
	}
	return "events-*"
}
