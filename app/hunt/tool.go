package hunt

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// countPrograms counts, by file name, on how many devices tasks run a program: as the task's
// own, or as the child of any of its processes.
func (r *ranker) countPrograms() {
	devices := make(map[string][]bool)
	r.programs = make(map[string]int)
	for fact, on := range r.Fleet {
		if fact.Kind != rarity.Child {
			continue
		}
		_, name, _ := strings.Cut(r.Text(fact.Text), ">")
		if devices[name] == nil {
			devices[name] = make([]bool, r.fleet)
		}
		for _, device := range on.Which() {
			if !devices[name][device] {
				devices[name][device] = true
				r.programs[name]++
			}
		}
	}
}

// tool finds the program of Windows' own in a finding's runs that the fewest devices' tasks
// run. With few devices nothing is known of what others run.
func (r *ranker) tool(f *ranked) {
	e := &f.evidence
	if account.Few(r.fleet) {
		return
	}
	for _, run := range f.Runs {
		nodes := r.tree(run.Index).Nodes
		for i := range nodes {
			name := strings.ToLower(nodes[i].Process.Name)
			n := r.programs[name]
			if n == 0 || e.Tool != "" && (n > e.ToolDevices || n == e.ToolDevices && name >= e.Tool) {
				continue
			}
			if score.InWindows([]byte(strings.ToLower(nodes[i].Process.Path))) {
				e.Tool, e.ToolDevices = name, n
			}
		}
	}
}
