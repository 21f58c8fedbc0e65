package sample

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Summary counts what Generate wrote.
type Summary struct {
	Devices     int
	Events      int // lines, second deliveries included
	Starts      int // process creations
	Running     int // processes that ran when the sensor began; in Falcon's format only
	Ends        int // process ends; none in Defender's format
	Connections int
	Lookups     int
	Entries     int // of other logs than the sensor's
	Copies      int // second deliveries among the events
	EntryCopies int // those of Entries among the copies
	Unknown     int // network events that keep only their process' PID; in Sysmon's formats only

	PlantedTrees       int // runs of planted tasks
	PlantedProcesses   int // rows of planted_nodes.csv
	PlantedConnections int // rows of planted.csv

	Files []string // names of the files of events, the newest first
	Bytes int64    // size of their text
}

// Generate writes the fleet of cfg into dir, which is made if need be: the
// events newest first and all devices interleaved, as Splunk gives them, the key
// of what is planted (KeyFile, NodesKeyFile), the same as a list of indicators
// (IndicatorsFile), and README.txt. It refuses a
// directory that already holds anything: two fleets in one place are none, and somebody's
// README.txt there is not ours to write over.
func Generate(cfg Config, dir string) (Summary, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return Summary{}, err
	}
	if err := Prepare(dir); err != nil {
		return Summary{}, err
	}
	sum, err := generate(cfg, dir)
	if err != nil {
		return sum, fmt.Errorf("generating a sample in %s: %w", dir, err)
	}
	return sum, nil
}

// Prepare makes the folder of a sample, and refuses one that holds anything but hidden files.
func Prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the directory of the sample: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("reading the directory of the sample: %w", err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			return fmt.Errorf("directory %s already holds %s: choose a new or an empty one", dir, e.Name())
		}
	}
	return nil
}

func generate(cfg Config, dir string) (sum Summary, err error) {
	key, err := newKeyWriter(dir, cfg)
	if err != nil {
		return sum, err
	}
	sum, err = WriteEvents(cfg, dir, func(write func(*History) error) error {
		return Fleet(cfg, func(h *History) error { return errors.Join(write(h), key.add(h)) })
	})
	if err = errors.Join(err, key.close()); err != nil {
		return sum, err
	}
	sum.PlantedTrees, sum.PlantedProcesses, sum.PlantedConnections = key.trees, key.nodeRows, key.connectionRows
	return sum, os.WriteFile(filepath.Join(dir, "README.txt"), []byte(readme(cfg, sum)), 0o644)
}

// WriteEvents writes the events of the histories that fleet gives to its argument, one
// device after another, into the existing folder dir: in the format of cfg, newest
// first, all devices mixed. Of cfg it heeds Format, OneFile and Gzip. It keeps nothing
// of a history. The key is the caller's.
func WriteEvents(cfg Config, dir string, fleet func(write func(*History) error) error) (sum Summary, err error) {
	lines, err := newSpool(dir)
	if err != nil {
		return sum, err
	}
	defer lines.close()
	if err := fleet(func(h *History) error { return sum.spool(lines, cfg.Format, h) }); err != nil {
		return sum, err
	}
	return sum, sum.write(lines, cfg, dir)
}

// spool renders one device's events into lines and counts them.
func (sum *Summary) spool(lines *spool, format string, h *History) error {
	sum.Devices++
	lines.begin()
	var line []byte
	for i := range h.Events {
		e := &h.Events[i]
		line = AppendEvent(line[:0], format, e)
		if len(line) == 0 {
			continue
		}
		sum.count(e, format)
		if err := lines.add(e.Recorded, line); err != nil {
			return err
		}
	}
	return nil
}

func (sum *Summary) count(e *Event, format string) {
	sum.Events++
	switch e.Kind {
	case ProcessStart:
		sum.Starts++
	case Running:
		sum.Running++
	case ProcessEnd:
		sum.Ends++
	case Connect:
		sum.Connections++
	case Lookup:
		sum.Lookups++
	case LoggedEntry:
		sum.Entries++
	}
	if e.Copy {
		sum.Copies++
	}
	if e.Copy && e.Kind == LoggedEntry {
		sum.EntryCopies++
	}
	if e.Unknown && isSysmon(format) {
		sum.Unknown++
	}
}

func (sum *Summary) write(lines *spool, cfg Config, dir string) error {
	files := dayFiles{dir: dir, cfg: cfg}
	err := lines.merge(files.add)
	err = errors.Join(err, files.close())
	sum.Files, sum.Bytes = files.names, files.bytes
	return err
}
