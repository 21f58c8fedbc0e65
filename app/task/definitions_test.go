package task_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/identity"
	"github.com/schtaskhunt/schtaskhunt/app/task"
	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

const changed = `\Acme\A`

// change adds changes of one task at different times, some with a definition, which may be one
// that cannot be read.
func (w *world) change(ran event.Time) {
	acts := []event.Act{event.TaskCreated, event.TaskUpdated, event.TaskDeleted, event.TaskEnabled, event.TaskDisabled}
	for i := range w.IntN(8) {
		text := ""
		if w.IntN(3) > 0 {
			text = []string{content("cmd.exe", fmt.Sprintf("/c %d", w.IntN(4))), "<!DOCTYPE x>", content("cmd.exe", "/c x") + "<"}[max(0, w.IntN(6)-3)]
		}
		w.audit(acts[w.IntN(len(acts))], []string{changed, `\ACME\a`}[w.IntN(2)], text, 0, ran+event.Time(w.IntN(400)-300)*event.Second+event.Time(i))
	}
}

// slowDefinition is what the last change before a run that tells a definition says.
func slowDefinition(store *event.Store, ran event.Time) *definition.Task {
	last, text := event.NoTime, event.NoSym
	for i := range store.Tasks {
		e := &store.Tasks[i]
		if !e.Audit || e.Time > ran+2*event.Second || e.Time <= last || e.Act != event.TaskDeleted && e.Content == event.NoSym {
			continue
		}
		last, text = e.Time, e.Content
		if e.Act == event.TaskDeleted {
			text = event.NoSym
		}
	}
	if text == event.NoSym {
		return nil
	}
	d, err := definition.Parse(store.Symbols.Bytes(text))
	if err != nil && len(d.Actions) == 0 {
		return nil
	}
	return &d
}

// What a task was defined to do when it ran is what the last change says, on every device,
// whatever was read for others before.
func TestDefinitionsAreThoseOfTheSlowWay(t *testing.T) {
	known, told := new(task.Definitions), 0
	for seed := range uint64(2000) {
		w, h, ran := single()
		w.Rand = newWorld(seed).Rand
		w.change(ran)
		w.log(h, event.TaskProcess, changed, "cmd.exe", 4000, ran, event.ID{})
		w.shuffled().Settle()
		roster := identity.NewRoster(w.Store)
		log := task.NewLog(w.Store)
		forest := tree.Build(roster, tree.Options{Start: tree.Schedule{}, MaxDepth: 32, Log: log})
		at := root(t, w, roster, forest.Roots, ran)
		got := task.Of(log, roster, forest, known).Facts(at)
		want := slowDefinition(w.Store, roster.Actors[at].Time)
		if got.Edge != task.ByPID || !reflect.DeepEqual(got.Definition, want) {
			t.Fatalf("world %d, named by %q: %+v, want %+v", seed, got.Edge, got.Definition, want)
		}
		if want != nil {
			told++
		}
	}
	if told < 500 || told > 1500 {
		t.Errorf("in %d of 2,000 worlds something is defined: these test little", told)
	}
}

// A tree without a name gets that of the one task of many which ran its command then.
func TestNameByActionIsThatOfTheSlowWay(t *testing.T) {
	known, named := new(task.Definitions), map[task.Edge]int{}
	tasks := []string{`\A`, `\B`, `\C`, `\D`}
	actions := [][2]string{{"cmd.exe", "/c x"}, {"CMD", "/C  X"}, {"cmd.exe", "/c y"}, {"cmd.exe", "/c %v%"}, {`C:\Windows\System32\cmd.exe`, "/c x"}, {`C:\q\cmd.exe`, "/c x"}, {"%x%", "/c x"}, {"a.exe", ""}}
	for seed := range uint64(2000) {
		w, _, ran := single()
		w.Rand = newWorld(seed).Rand
		for i := range 1 + w.IntN(8) {
			a := actions[w.IntN(len(actions))]
			act := []event.Act{event.TaskCreated, event.TaskUpdated, event.TaskUpdated, event.TaskDeleted}[w.IntN(4)]
			w.audit(act, tasks[w.IntN(len(tasks))], content(a[0], a[1]), 0, ran+event.Time(w.IntN(400)-300)*event.Second+event.Time(i))
		}
		w.shuffled().Settle()
		roster := identity.NewRoster(w.Store)
		log := task.NewLog(w.Store)
		forest := tree.Build(roster, tree.Options{Start: tree.Schedule{}, MaxDepth: 32, Log: log})
		at := root(t, w, roster, forest.Roots, ran)
		self := &roster.Actors[at].Self
		var fits []string
		for _, name := range tasks {
			own := &event.Store{Symbols: w.Symbols}
			for i := range w.Tasks {
				if w.Symbols.String(w.Tasks[i].Name) == name {
					own.AddTask(&w.Tasks[i])
				}
			}
			d := slowDefinition(own, roster.Actors[at].Time)
			if d != nil && d.Actions[0].Runs(w.Symbols.String(self.Path), w.Symbols.String(self.Command)) {
				fits = append(fits, name)
			}
		}
		want, name := task.NoEdge, ""
		switch len(fits) {
		case 0:
		case 1:
			want, name = task.ByAction, fits[0]
		default:
			want = task.Ambiguous
		}
		got := task.Of(log, roster, forest, known).Name(at)
		if got.Edge != want || w.Symbols.String(got.Task) != name {
			t.Fatalf("world %d: named %q by %q, want %q of %q", seed, w.Symbols.String(got.Task), got.Edge, want, fits)
		}
		named[want]++
	}
	if len(named) != 3 || min(named[task.NoEdge], named[task.ByAction], named[task.Ambiguous]) < 100 {
		t.Errorf("%v: these worlds test little", named)
	}
}

// However many definitions come, few are remembered, and each is read as it stands.
func TestDefinitionsAreForgotten(t *testing.T) {
	known := new(task.Definitions)
	for i := range 300 {
		w, h, ran := single()
		text := content("cmd.exe", fmt.Sprintf("/c %d %0*d", i, 40_000, 7))
		w.audit(event.TaskCreated, changed, text, 0, ran-hour)
		w.log(h, event.TaskProcess, changed, "cmd.exe", 4000, ran, event.ID{})
		w.shuffled().Settle()
		roster := identity.NewRoster(w.Store)
		log := task.NewLog(w.Store)
		forest := tree.Build(roster, tree.Options{Start: tree.Schedule{}, MaxDepth: 32, Log: log})
		d := task.Of(log, roster, forest, known).Facts(root(t, w, roster, forest.Roots, ran)).Definition
		if want := fmt.Sprintf("/c %d ", i); d == nil || len(d.Actions) != 1 || d.Actions[0].Arguments[:len(want)] != want {
			t.Fatalf("%d: %.200v", i, d)
		}
		if n := known.Size(); n > 3<<20 {
			t.Fatalf("%d bytes are remembered", n)
		}
	}
}
