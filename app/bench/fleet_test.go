//go:build bench

package bench

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// eventsPerDevice is a little less than what a device of the generator logs in the
// seven days that a hunt looks back.
const eventsPerDevice = 1850

// fleet is one generated fleet in every form that a competitor gets it.
type fleet struct {
	dir    string
	events int
}

func (f fleet) chunks(form string) string { return filepath.Join(f.dir, form+".chunks") }
func (f fleet) csv() string               { return filepath.Join(f.dir, "events.csv") }

// formsOf names the forms to measure. The largest fleets are measured lean only: with
// their text they would be read from the disk, not from memory.
func formsOf(events int) []string {
	if events > 1_000_000 {
		return []string{lean}
	}
	return []string{rawOnly, extracted, lean}
}

// makeFleet makes the files of a fleet unless an earlier run has, with the same columns.
// asked are the fields that the command asks splunkd for.
func makeFleet(dir string, events int, asked []string) (fleet, error) {
	f := fleet{filepath.Join(dir, fmt.Sprintf("fleet-%d", events)), events}
	done := filepath.Join(f.dir, "complete")
	columns := fmt.Sprint(columnsOf(rawOnly, asked), columnsOf(extracted, asked), columnsOf(lean, asked))
	if made, err := os.ReadFile(done); err == nil && string(made) == columns {
		return f, nil
	}
	if err := os.RemoveAll(f.dir); err != nil {
		return f, err
	}
	if err := f.generate(asked); err != nil {
		return f, fmt.Errorf("generating a fleet of %d events: %w", events, err)
	}
	return f, os.WriteFile(done, []byte(columns), 0o600)
}

// generate writes the same fleet twice, as text and as fields, and takes both apart
// line by line: one seed gives the same events in the same order in every format.
func (f fleet) generate(asked []string) error {
	sources := make(map[string]*bufio.Reader)
	for _, format := range []string{sample.FormatSysmon, sample.FormatSysmonXML} {
		dir := filepath.Join(f.dir, format)
		summary, err := sample.Generate(sample.Config{Devices: f.events/eventsPerDevice + 2, Seed: 1, Format: format, OneFile: true}, dir)
		if err != nil {
			return err
		}
		if summary.Events < f.events {
			return fmt.Errorf("the generator made only %d", summary.Events)
		}
		file, err := os.Open(filepath.Join(dir, summary.Files[0]))
		if err != nil {
			return err
		}
		defer file.Close()
		defer os.RemoveAll(dir)
		sources[format] = bufio.NewReaderSize(file, 1<<20)
		if len(formsOf(f.events)) == 1 {
			break // nothing wants the text
		}
	}
	return f.write(sources[sample.FormatSysmon], sources[sample.FormatSysmonXML], asked)
}

func (f fleet) write(fields, texts *bufio.Reader, asked []string) error {
	outputs := []output{newCSVFile(f.csv(), columnsOf(lean, asked))}
	for _, form := range formsOf(f.events) {
		outputs = append(outputs, newChunkFile(f.chunks(form), columnsOf(form, asked), f.events))
	}
	for range f.events {
		e, err := readEvent(fields, texts)
		if err != nil {
			return err
		}
		for _, o := range outputs {
			o.add(e)
		}
	}
	var errs []error
	for _, o := range outputs {
		errs = append(errs, o.close())
	}
	return errors.Join(errs...)
}

// readEvent returns the next event's fields under the names that they have in Splunk.
// texts may be nil.
func readEvent(fields, texts *bufio.Reader) (map[string]string, error) {
	line, err := fields.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var values map[string]any
	if err := json.Unmarshal(line, &values); err != nil {
		return nil, err
	}
	e := make(map[string]string, len(values)+8)
	for name, value := range values {
		e[name] = fmt.Sprint(value)
	}
	recorded, err := time.Parse(time.RFC3339Nano, e["TimeCreated"])
	if err != nil {
		return nil, err
	}
	delete(e, "TimeCreated")
	e["_time"] = fmt.Sprintf("%d.%06d", recorded.Unix(), recorded.Nanosecond()/1000)
	e["SystemTime"] = recorded.Format("2006-01-02T15:04:05.0000000Z")
	e["EventCode"], e["EventRecordID"] = e["EventID"], e["RecordNumber"]
	e["host"] = e["Computer"]
	e["source"], e["sourcetype"] = "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", "XmlWinEventLog"
	if texts != nil {
		e["_raw"], err = readText(texts)
	}
	return e, err
}

func readText(texts *bufio.Reader) (string, error) {
	line, err := texts.ReadString('\n')
	if errors.Is(err, io.EOF) {
		return "", io.ErrUnexpectedEOF // the two formats have as many events
	}
	return line[:max(len(line)-1, 0)], err
}
