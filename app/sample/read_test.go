package sample

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// small is a fleet that has all the oddities and takes a second.
func small(format string) Config {
	return Config{Devices: smallFleet(), Days: 2, Seed: 11, Format: format, Plants: 10}
}

// smallFleet is how many devices are enough to look at; fewer where tests have to be short.
func smallFleet() int {
	if testing.Short() {
		return 8
	}
	return 20
}

// written generates cfg into a new directory.
func written(t *testing.T, cfg Config) (string, Summary) {
	t.Helper()
	dir := t.TempDir()
	sum, err := Generate(cfg, dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir, sum
}

// lines calls each with every line of the files of events, in the order of files and lines.
func lines(t *testing.T, dir string, names []string, each func(line string)) {
	t.Helper()
	for _, name := range names {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		sc := bufio.NewScanner(f)
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			each(sc.Text())
		}
		f.Close()
		if err := sc.Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// flat is an event as a reader of the file sees it, read with the standard library.
type flat map[string]string

func parse(t *testing.T, format, line string) flat {
	t.Helper()
	f := flat{}
	var err error
	switch format {
	case FormatSysmon, FormatFalcon:
		err = f.addJSON([]byte(line))
	case FormatSysmonXML:
		err = f.addXML([]byte(line))
	case FormatDefender:
		var envelope struct {
			Category   string
			Properties json.RawMessage
		}
		if err = json.Unmarshal([]byte(line), &envelope); err == nil {
			f["category"] = strings.TrimPrefix(envelope.Category, "AdvancedHunting-")
			err = f.addJSON(envelope.Properties)
		}
	}
	if err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	return f
}

func (f flat) addJSON(text []byte) error {
	var values map[string]any
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	if err := d.Decode(&values); err != nil {
		return err
	}
	for name, value := range values {
		switch v := value.(type) {
		case string:
			f[name] = v
		case json.Number:
			f[name] = v.String()
		}
	}
	return nil
}

func (f flat) addXML(text []byte) error {
	var event struct {
		XMLName xml.Name `xml:"http://schemas.microsoft.com/win/2004/08/events/event Event"`
		System  struct {
			EventID, Channel, Computer string
			RecordNumber               string `xml:"EventRecordID"`
			TimeCreated                struct {
				SystemTime string `xml:",attr"`
			}
		}
		EventData struct {
			Data []struct {
				Name  string `xml:",attr"`
				Value string `xml:",chardata"`
			}
		}
	}
	if err := xml.Unmarshal(text, &event); err != nil {
		return err
	}
	s := event.System
	f["EventID"], f["Channel"], f["Computer"] = s.EventID, s.Channel, s.Computer
	f["RecordNumber"], f["TimeCreated"] = s.RecordNumber, s.TimeCreated.SystemTime
	for _, d := range event.EventData.Data {
		f[d.Name] = d.Value
	}
	return nil
}

// table reads a file of the key as one map a row.
func table(t *testing.T, dir, name string) []flat {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []flat
	for _, row := range rows[1:] {
		m := flat{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		list = append(list, m)
	}
	return list
}

func atoi(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// histories collects a fleet in memory.
func histories(t *testing.T, cfg Config) []*History {
	t.Helper()
	var list []*History
	if err := Fleet(cfg, func(h *History) error { list = append(list, h); return nil }); err != nil {
		t.Fatal(err)
	}
	return list
}
