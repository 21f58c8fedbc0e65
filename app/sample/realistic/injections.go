package realistic

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// InjectionsFile names, in a fleet of other roots, every injection that its log tells of but those of
// Windows' own programs.
const InjectionsFile = "injections.csv"

var injectionColumns = []string{"device", "source_guid", "source_logged", "target_guid", "target_logged", "thread", "planted"}

// injection is that a process reaches into another.
type injection struct {
	by, into *sample.Process
	at       Time
	thread   bool
	rights   string // to a process that is opened
	session  *session
	ordinary bool // a part of what Windows does all day, or of starting a process
	planted  bool
}

// injections makes what reaches into the processes of runs: attackers' loaders into some of what is planted (at a
// logon the loader would be a root of its own), and an
// agent, Windows' own programs and parents into many. It runs before the processes get their ids.
func (m *machine) injections() {
	if !m.w.cfg.Roots {
		return
	}
	agents, seen := map[*session]*sample.Process{}, map[string]bool{}
	for i := range m.runs {
		r := &m.runs[i]
		d, s := m.dice("injection", r.k.id, fmt.Sprint(i)), m.session(r.root.Start)
		if s == nil || r.k.under == "" {
			continue
		}
		at := func() Time { return r.root.Start + d.between(5*millisecond, 300*millisecond) }
		if p := r.e.plant; p != nil && !seen[p.id] && r.k.under != "logon" && d.chance(0.7) {
			seen[p.id] = true
			m.inject(m.loader(d, r, s), r.root, at(), s, injection{thread: true, planted: true})
		}
		if d.chance(0.02) && r.e.plant == nil {
			m.inject(m.agent(agents, r, s), r.root, at(), s, injection{rights: "0x1fffff"})
		}
		m.ordinary(d, r, s, at)
	}
}

// ordinary makes what is no injection: that a parent opens what it starts, and what Windows' own programs do.
func (m *machine) ordinary(d dice, r *taskRun, s *session, at func() Time) {
	if d.chance(0.05) {
		m.inject(r.root.Parent, r.root, at(), s, injection{rights: "0x1fffff", ordinary: true})
	}
	if d.chance(0.05) {
		m.inject(s.services["wininit"], r.root, at(), s, injection{thread: true, ordinary: true})
	}
	if d.chance(0.05) {
		m.inject(s.services["lsass"], r.root, at(), s, injection{rights: "0x1478", ordinary: true})
	}
}

// loader is a process that an attacker runs beside a channel.
func (m *machine) loader(d dice, r *taskRun, s *session) *sample.Process {
	owner := s.services["explorer"]
	if owner == nil || owner.Start+2*second >= r.root.Start {
		return nil
	}
	file := `C:\Users\Public\` + d.text(7, lower) + `.exe`
	run := &run{m: m, k: r.k, at: r.root.Start, d: d}
	return m.start(run, exe(file, file).by("-").as(asUser).lives(5*second, minute), owner, r.root.Start-d.between(200*millisecond, second), s)
}

// agent is an administrators' program that looks into others, one a session.
func (m *machine) agent(agents map[*session]*sample.Process, r *taskRun, s *session) *sample.Process {
	if agents[s] == nil && s.services["services"] != nil {
		run := &run{m: m, k: r.k, at: s.from, d: m.dice("agent", fmt.Sprint(s.number))}
		image := `C:\Program Files\Endpoint Agent\agentsvc.exe`
		agents[s] = m.start(run, exe(image, `"`+image+`"`).by("Endpoint Agent Ltd").lives(forever, forever+1), s.services["services"], s.from+servicesUp-second, s)
	}
	return agents[s]
}

// inject notes an injection of a process that is there.
func (m *machine) inject(by, into *sample.Process, at Time, s *session, of injection) {
	if by == nil || by.Start > at || at >= m.w.to || at < m.w.from || into.End <= at {
		return
	}
	of.by, of.into, of.at, of.session = by, into, at, s
	m.injected = append(m.injected, of)
}

const sysmonGUID = "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}"

// logInjections writes Sysmon 8 and 10.
func (m *machine) logInjections() {
	for _, in := range m.injected {
		services := in.session.services["services"]
		if services == nil {
			continue
		}
		spell := map[bool]string{true: "Guid", false: "GUID"}[in.thread]
		data := []string{"RuleName", "-", "UtcTime", in.at.UTC().Format("2006-01-02 15:04:05.000"), "SourceProcess" + spell, in.by.GUID(), "SourceProcessId", decimal(in.by.PID), "SourceImage", in.by.Image,
			"TargetProcess" + spell, in.into.GUID(), "TargetProcessId", decimal(in.into.PID), "TargetImage", in.into.Image}
		id := 10
		if in.thread {
			id, data = 8, append(data, "NewThreadId", "4711", "StartAddress", "0x00007FF8A0B1C2D0", "StartModule", "-", "StartFunction", "-")
		} else {
			data = append(data, "GrantedAccess", in.rights, "CallTrace", `C:\Windows\SYSTEM32\ntdll.dll+9d4c4`)
		}
		data = append(data, "SourceUser", in.by.User.Domain+`\`+in.by.User.Name, "TargetUser", in.into.User.Domain+`\`+in.into.User.Name)
		m.calls = append(m.calls, sample.Event{Kind: sample.LoggedEntry, Process: services, At: in.at, Recorded: in.at, Entry: &sample.Entry{ID: id, Version: 2,
			Channel: "Microsoft-Windows-Sysmon/Operational", Provider: "Microsoft-Windows-Sysmon", GUID: sysmonGUID, Writer: services.PID, Data: pairs(data)}})
	}
}

// injectionKey writes which injections there are.
type injectionKey struct {
	file *os.File
	rows *csv.Writer
}

func newInjectionKey(dir string, w *world) (*injectionKey, error) {
	if !w.cfg.Roots {
		return &injectionKey{}, nil
	}
	f, err := os.Create(filepath.Join(dir, InjectionsFile))
	if err != nil {
		return nil, err
	}
	k := &injectionKey{f, csv.NewWriter(f)}
	return k, k.rows.Write(injectionColumns)
}

// add writes those of one device.
func (k *injectionKey) add(m *machine, h *sample.History) error {
	if k.rows == nil {
		return nil
	}
	for _, in := range m.injected {
		if in.ordinary {
			continue
		}
		err := k.rows.Write([]string{h.Device.Name, in.by.GUID(), strconv.FormatBool(in.by.Logged), in.into.GUID(), strconv.FormatBool(in.into.Logged), strconv.FormatBool(in.thread), strconv.FormatBool(in.planted)})
		if err != nil {
			return err
		}
	}
	return nil
}

func (k *injectionKey) close() error {
	if k.rows == nil {
		return nil
	}
	k.rows.Flush()
	return errors.Join(k.rows.Error(), k.file.Close())
}
