package task_test

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/task"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// cut takes those events of runs out of a settled store that name none of its processes, as
// whoever reads keys only has them.
func cut(store *event.Store) (briefs []task.Brief) {
	pids := map[uint32]bool{}
	for i := range store.Processes {
		pids[store.Processes[i].Self.PID], pids[store.Processes[i].Parent.PID] = true, true
	}
	store.Tasks = slices.DeleteFunc(store.Tasks, func(t event.Task) bool {
		if t.Audit || !t.Act.IsRun() || t.Act.IsOfProcess() && pids[t.PID] {
			return false
		}
		briefs = append(briefs, task.Brief{At: t.Time, Record: t.Record, Act: t.Act, Writer: t.Writer, Claim: t.PID != 0 && t.Act.IsOfProcess()})
		return true
	})
	slices.SortFunc(briefs, func(a, b task.Brief) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Record, b.Record)) })
	return briefs
}

// Events about no process of the store say by their keys what they say in full: which processes are
// roots, by what evidence, what their names are, and what is counted.
func TestBriefEventsSayWhatTheySayInFull(t *testing.T) {
	some, proven := 0, 0
	for seed := range uint64(150) {
		w := newWorld(seed)
		w.noPIDs = seed%5 == 0
		w.shift = []event.Time{0, 0, hour, event.Day}[seed%4]
		w.boots(3, 40*hour)
		w.live([]int{60, 4000}[seed%2])
		w.others(60)
		for i := range w.hosts { // who wrote the log, beside what names a process
			h := &w.hosts[i]
			for range 20 {
				w.log(&w.hosts[w.IntN(i+1)], event.TaskTriggered, `\Acme\Task 1`, "", 0, h.from+event.Time(w.Int64N(int64(h.to-h.from))), event.ID{})
			}
		}
		w.shuffled().Settle()
		log, roster, forest, tasks := named(w.Store)
		want := names(forest, tasks)

		briefs := cut(w.Store)
		brief := task.NewLog(w.Store, briefs...)
		again := tree.Build(roster, tree.Options{Start: tree.Schedule{}, MaxDepth: 32, Log: brief})
		got := names(again, task.Of(brief, roster, again, new(task.Definitions)))
		if brief.Report != log.Report || !maps.Equal(got, want) || !slices.Equal(again.Evidence, forest.Evidence) {
			t.Fatalf("world %d, %d of %d events in brief: %+v, want %+v", seed, len(briefs), log.Report.Events, brief.Report, log.Report)
		}
		if some += len(briefs); slices.Contains(again.Evidence, tree.ByTaskLog) {
			proven++
		}
	}
	if some < 150*50 || proven < 50 {
		t.Errorf("%d events in brief, %d worlds with roots that the log proves: these worlds test little", some, proven)
	}
}

// names are the tasks of all trees, by root, with the edge.
func names(forest *tree.Forest, tasks *task.Tasks) map[int32]string {
	named := make(map[int32]string)
	for _, root := range forest.Roots {
		f := tasks.Facts(root)
		named[root] = f.Edge.String() + string(f.Instance.AppendGUID(nil, event.Braces)) + string(rune(f.Name)) + string(rune(f.Result))
	}
	return named
}
