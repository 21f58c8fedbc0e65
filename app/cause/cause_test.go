package cause

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// world is a device on which things are installed and processes start.
type world struct {
	*event.Store
	n uint64
}

func newWorld() *world { return &world{Store: event.NewStore()} }

func (w *world) sym(text string) event.Sym {
	if text == "" {
		return event.NoSym
	}
	return w.Symbols.Intern([]byte(text))
}

func (w *world) source(at event.Time) event.Source {
	w.n++
	return event.Source{Device: w.sym("pc"), DeviceName: w.sym("PC"), Time: at, Record: w.n}
}

func (w *world) start(at event.Time, pid uint32, image, command, parent string) {
	self := event.Ref{ID: event.TextID(w.sym(fmt.Sprint("p", pid))), PID: pid, Created: at, Path: w.sym(image), Name: w.sym(image[strings.LastIndexByte(image, '\\')+1:]), Command: w.sym(command)}
	w.AddProcess(&event.Process{Source: w.source(at), Self: self, Parent: event.Ref{ID: event.TextID(w.sym(parent)), PID: 4, Name: w.sym(parent)}})
}

func (w *world) install(step event.Step, number uint32, at event.Time, name, runs string, client uint32) {
	w.AddInstallation(&event.Installation{Source: w.source(at), Step: step, Number: number, Audit: number == 4697, Name: w.sym(name), Runs: w.sym(runs), Client: event.Ref{PID: client}})
}

// find settles the world and returns the cause of the process with that id.
func (w *world) find(t *testing.T, pid uint32, of func(*Installed, int32) (Cause, bool)) (c Cause, some bool, r *identity.Roster) {
	t.Helper()
	w.Settle()
	r = identity.NewRoster(w.Store)
	for i := range r.Actors {
		if r.Actors[i].Self.PID == pid {
			c, some = of(Of(w.Store, r), int32(i))
			return c, some, r
		}
	}
	t.Fatalf("no process %d", pid)
	return c, some, r
}

const second = event.Second

// A service is linked with its process however the Service Control Manager is told its path,
// and with the process that both events or a command line name.
func TestServiceIsLinked(t *testing.T) {
	for name, c := range map[string]struct{ runs, image, command string }{
		"plain":           {`C:\a\b.exe -k`, `C:\a\b.exe`, `C:\a\b.exe -k`},
		"quotes and case": {`"C:\a b\c.exe" -K`, `C:\A b\c.exe`, `"c:\a b\C.EXE"   -k`},
		"a blank":         {`C:\a b\c.exe -k`, `C:\a b\c.exe`, `"C:\a b\c.exe" -k`},
		"variable":        {`%SystemRoot%\x.exe`, `C:\Windows\x.exe`, `C:\Windows\x.exe`},
		"system root":     {`\SystemRoot\system32\x.exe`, `C:\Windows\system32\x.exe`, `C:\Windows\system32\x.exe`},
		"no folder":       {`system32\x.exe -z`, `C:\Windows\system32\x.exe`, `C:\Windows\system32\x.exe -z`},
		"prefix":          {`\??\C:\a\x.exe`, `C:\a\x.exe`, `C:\a\x.exe`},
		"interpreter":     {`%COMSPEC% /c echo hi`, `C:\Windows\System32\cmd.exe`, `C:\Windows\system32\cmd.exe /c echo hi`},
		"share":           {`\\10.0.0.5\ADMIN$\x1.exe`, `C:\Windows\x1.exe`, `\\10.0.0.5\ADMIN$\x1.exe`},
		"service host":    {`C:\Windows\system32\svchost.exe -k netsvcs -p`, `C:\Windows\system32\svchost.exe`, `C:\Windows\system32\svchost.exe -k netsvcs -p -s thing`},
	} {
		w := newWorld()
		w.start(90*second, 7, `C:\Windows\System32\inst.exe`, "inst", "x")
		w.install(event.ServiceInstalled, 7045, 100*second, "The Thing", c.runs, 0)
		w.install(event.ServiceInstalled, 4697, 101*second, "Thing", c.runs, 7)
		w.start(103*second, 8, c.image, c.command, "services.exe")
		got, some, r := w.find(t, 8, (*Installed).Service)
		if !some || w.Symbols.String(got.Name) != "Thing" || got.Certainty != Likely || len(got.Told) != 2 || got.Maker < 0 || r.Actors[got.Maker].Self.PID != 7 {
			t.Errorf("%s: %+v %v", name, got, some)
		}
	}
}

func TestWhatIsNotLinked(t *testing.T) {
	for name, c := range map[string]struct {
		runs, command string
		at            event.Time
	}{
		"other arguments": {`C:\a\b.exe -k`, `C:\a\b.exe -z`, 100},
		"another folder":  {`C:\b\b.exe -k`, `C:\a\b.exe -k`, 100},
		"too late":        {`C:\a\b.exe -k`, `C:\a\b.exe -k`, 220},
		"another program": {`C:\a\b.exe.bat -k`, `C:\a\b.exe -k`, 100},
	} {
		w := newWorld()
		w.install(event.ServiceInstalled, 7045, c.at*second, "Thing", c.runs, 0)
		w.start(200*second, 8, `C:\a\b.exe`, c.command, "services.exe")
		if got, some, _ := w.find(t, 8, (*Installed).Service); some {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A subscription is linked by its consumer, with the events of its filter and binding; without
// the latter it may never have been one.
func TestConsumerIsLinked(t *testing.T) {
	for _, bound := range []bool{true, false} {
		w := newWorld()
		w.start(99*second, 6, `C:\x\powershell.exe`, `powershell -c $a=([wmiclass]'CommandLineEventConsumer'); Name='Ticker'`, "x")
		w.install(event.FilterMade, 19, 99*second, "F", "", 0)
		w.install(event.ConsumerMade, 20, 100*second, "Ticker", `cmd.exe /c "echo %TargetInstance.Name%"`, 0)
		if bound {
			w.AddInstallation(&event.Installation{Source: w.source(101 * second), Step: event.ConsumerBound, Number: 21, Name: w.sym("TICKER"), Filter: w.sym("f")})
		}
		w.start(300*second, 8, `C:\Windows\System32\cmd.exe`, `cmd.exe /c "echo Jo"`, "wmiprvse.exe")
		got, some, r := w.find(t, 8, (*Installed).Consumer)
		want, events := Likely, 4
		if !bound {
			want, events = Possible, 2
		}
		if !some || got.Certainty != want || len(got.Told) != events || got.Maker < 0 || r.Actors[got.Maker].Self.PID != 6 {
			t.Errorf("bound %v: %+v %v", bound, got, some)
		}
	}
}

// plainly is a command line as the slow matcher compares it.
func plainly(text string) string {
	text = strings.ToLower(strings.ReplaceAll(text, `"`, ""))
	return strings.Join(strings.Fields(strings.NewReplacer(`%systemroot%`, `c:\windows`, `\??\`, ``).Replace(text)), " ")
}

// slowly finds the cause of a process by looking at every event: the latest that has its
// command line, and whether one of another name has it too.
func (w *world) slowly(p *event.Process) (name string, certainty Certainty, some bool) {
	var best *event.Installation
	for i := range w.Installations {
		e := &w.Installations[i]
		if e.Time > p.Time+late || plainly(w.Symbols.String(e.Runs)) != plainly(w.Symbols.String(p.Self.Command)) {
			continue
		}
		if best == nil || e.Time > best.Time {
			best = e
		}
	}
	if best == nil {
		return "", 0, false
	}
	certainty = Likely
	for i := range w.Installations {
		e := &w.Installations[i]
		if e.Time <= p.Time+late && e.Name != best.Name && plainly(w.Symbols.String(e.Runs)) == plainly(w.Symbols.String(p.Self.Command)) {
			certainty = Possible
		}
	}
	return w.Symbols.String(best.Name), certainty, true
}

// Whatever is installed in whatever order, the causes are those of the slow matcher.
func TestCausesAsSlowMatcher(t *testing.T) {
	linked, possible := 0, 0
	for seed := range uint64(300) {
		d := rand.New(rand.NewPCG(seed, 1))
		w := newWorld()
		spell := []func(string) string{
			func(s string) string { return s },
			strings.ToUpper,
			func(s string) string { return `"` + strings.Replace(s, ".exe", `.exe"`, 1) },
			func(s string) string { return strings.Replace(s, `C:\Windows`, `%SystemRoot%`, 1) },
			func(s string) string { return strings.ReplaceAll(s, " -", "   -") },
		}
		command := func() string {
			return fmt.Sprintf(`C:\Windows\p%d.exe -k %d`, d.IntN(2), d.IntN(2))
		}
		for range d.IntN(8) { // 100 s apart: two logs tell of one only within seconds
			w.install(event.ServiceInstalled, 7045, event.Time(100+100*d.IntN(40))*second+event.Time(d.IntN(50)), fmt.Sprint("svc", d.IntN(4)), spell[d.IntN(len(spell))](command()), 0)
		}
		for i := range d.IntN(10) {
			c := command()
			w.start(event.Time(50+100*d.IntN(40))*second, uint32(10+i), c[:strings.Index(c, " ")], spell[d.IntN(len(spell)-2)](c), "services.exe")
		}
		d.Shuffle(len(w.Installations), func(i, j int) {
			w.Installations[i], w.Installations[j] = w.Installations[j], w.Installations[i]
		})
		w.Settle()
		r := identity.NewRoster(w.Store)
		in := Of(w.Store, r)
		for i := range r.Actors {
			got, some := in.Service(int32(i))
			name, certainty, want := w.slowly(&r.Actors[i].Process)
			if some != want || some && (w.Symbols.String(got.Name) != name || got.Certainty != certainty) {
				t.Fatalf("seed %d, %s: %q %v %v, slowly %q %v %v", seed, w.Symbols.String(r.Actors[i].Self.Command), w.Symbols.String(got.Name), got.Certainty, some, name, certainty, want)
			}
		}
		linked, possible = linked+in.Report.Linked, possible+in.Report.Possible
	}
	if linked < 300 || possible < 50 || possible == linked {
		t.Errorf("the worlds show little: %d linked, %d possible", linked, possible)
	}
}

// What nobody can use is counted, and a command line of another machine installs nothing here.
func TestNothingIsLostInSilence(t *testing.T) {
	w := newWorld()
	w.install(event.ServiceInstalled, 7045, event.NoTime, "A", "a.exe", 0)
	w.start(100*second, 7, `C:\Windows\System32\sc.exe`, `sc \\other create A binPath= C:\a.exe`, "x")
	w.start(101*second, 8, `C:\a.exe`, `C:\a.exe`, "services.exe")
	w.Settle()
	r := identity.NewRoster(w.Store)
	if in := Of(w.Store, r); in.Report != (Report{Undated: 1}) {
		t.Errorf("%+v", in.Report)
	}
}
