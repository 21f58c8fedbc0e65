package realistic

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

func TestFill(t *testing.T) {
	cfg, _ := small().complete()
	m := newMachine(newWorld(cfg), 0)
	k := &kind{id: "x"}
	r := &run{m: m, k: k, e: &edition{version: "1.2.3"}, at: timeOf(cfg), d: m.dice("fill")}
	for in, want := range map[string]string{
		"plain": "plain", "{home}\\a": m.home + `\a`, "v{ver}-{ver_}": "v1.2.3-1_2_3", "{222A245B-E637-4AE9-A93F-A59CA119A75E}": "{222A245B-E637-4AE9-A93F-A59CA119A75E}",
		"{{user}}": "{" + m.user + "}", "{date}": "20261120", "open {": "open {", "{": "{", "": "", "a } {host}": "a } " + m.short,
	} {
		if got := r.fill(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	if a, b := r.fill("{dguid}"), r.fill("{dguid}"); a != b || len(a) != 36 {
		t.Errorf("a device's GUID is %s and %s", a, b)
	}
	if a, b := r.fill("{rguid}"), r.fill("{rguid}"); a != b {
		t.Errorf("a run's GUID is %s and %s", a, b)
	}
	if a, b := r.fill("{guid}"), r.fill("{guid}"); a == b {
		t.Errorf("a new GUID is %s twice", a)
	}
}

func TestConfigIsChecked(t *testing.T) {
	for _, c := range []Config{{Devices: 19, Days: 1}, {Devices: 20}, {Devices: 20, Days: 1, Tail: -1}, {Devices: 20, Days: 1, Fresh: 2}, {Devices: 20, Days: 1, Format: "falcon"}} {
		if _, err := Generate(c, t.TempDir()); err == nil {
			t.Errorf("%+v is accepted", c)
		}
	}
}

// An altered edition comes to its device only, not before its time, and follows the
// versions of the plain one.
func TestAlteredEditions(t *testing.T) {
	cfg, _ := small().complete()
	w := newWorld(cfg)
	m, other := newMachine(w, 1), newMachine(w, 2)
	k := &kind{id: "k", editions: []edition{{version: "1", root: bare("a.exe", "")}, {version: "2", from: w.from + day, spread: day, root: bare("a.exe", "")}}}
	k.alter(w.from+hour, []int{1}, func(e *edition) { e.plant = &plant{}; e.root.command = "changed" })
	if e := k.edition(m, w.from); e.plant != nil || e.version != "1" {
		t.Errorf("before its time: %+v", e)
	}
	if e := k.edition(m, w.from+2*hour); e.plant == nil || e.version != "1" {
		t.Errorf("after its time: %+v", e)
	}
	if e := k.edition(m, w.to); e.plant == nil || e.version != "2" || e.root.command != "changed" {
		t.Errorf("at the end: %+v", e)
	}
	if e := k.edition(other, w.to); e.plant != nil || e.version != "2" || e.root.command == "changed" {
		t.Errorf("elsewhere: %+v", e)
	}
}

// Every line of every format is well formed.
func TestLinesAreWellFormed(t *testing.T) {
	cfg := small()
	cfg.Days, cfg.Devices = 1, 20
	entries := 0
	histories(t, cfg, func(_ *machine, h *sample.History) {
		for i := range h.Events {
			e := &h.Events[i]
			if e.Kind == sample.LoggedEntry {
				entries++
			}
			for _, format := range Formats() {
				line := sample.AppendEvent(nil, format, e)
				if err := wellFormed(format, line); err != nil {
					t.Fatalf("%s: %v in %s", format, err, line)
				}
			}
		}
	})
	if entries == 0 {
		t.Error("there is no event of a task's log")
	}
}

func wellFormed(format string, line []byte) error {
	if len(line) == 0 {
		return nil
	}
	if format != sample.FormatSysmonXML {
		return json.Unmarshal(line, &map[string]any{})
	}
	var event struct {
		System struct {
			EventID  int
			Computer string
		}
		EventData struct {
			Data []struct {
				Name  string `xml:",attr"`
				Value string `xml:",chardata"`
			}
		}
	}
	return xml.Unmarshal(line, &event)
}

// A script is encoded as PowerShell takes it.
func TestEncoded(t *testing.T) {
	if got, want := encoded("dir ü"), "ZABpAHIAIAD8AA=="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if strings.Contains(encoded("a"), "a") {
		t.Error("it is not encoded")
	}
}
