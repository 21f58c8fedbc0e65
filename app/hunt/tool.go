package hunt

import (
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// countPrograms counts, by file name, on how many devices tasks run a program: as the task's
// own, or as the child of any of its processes. Its memory grows with what is counted, and
// with the devices once.
func (r *ranker) countPrograms() {
	runs := make(map[string][]*rarity.Seen)
	for fact, on := range r.Fleet {
		if fact.Kind == rarity.Child {
			_, name, _ := strings.Cut(r.Text(fact.Text), ">")
			runs[name] = append(runs[name], on)
		}
	}
	r.programs = make(map[string]int, len(runs))
	last, counted := make([]int, r.fleet), 0 // by device: the program it was last counted for
	for name, all := range runs {
		counted++
		least := 0 // a census knows of many devices only how many they are
		for _, on := range all {
			least = max(least, on.Devices())
			for _, device := range on.Which() {
				if last[device] != counted {
					last[device] = counted
					r.programs[name]++
				}
			}
		}
		r.programs[name] = max(r.programs[name], least)
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
		for _, name := range r.run(run.Index).tools() {
			if n := r.programs[name]; n > 0 && (e.Tool == "" || n < e.ToolDevices || n == e.ToolDevices && name < e.Tool) {
				e.Tool, e.ToolDevices = name, n
			}
		}
	}
}

// brought are what Windows itself starts beneath whatever runs: a console, and what reports
// a crash. Nobody chose them.
var brought = map[string]bool{"conhost.exe": true, "werfault.exe": true, "werfaultsecure.exe": true, "wermgr.exe": true, "dwwin.exe": true}

// toolsOf returns the file names of the programs of Windows' own among the nodes, in lower
// case and in order, each once.
func toolsOf(nodes []row.Node) (names []string) {
	for i := range nodes {
		if p := &nodes[i].Process; !brought[strings.ToLower(p.Name)] && score.InWindows([]byte(strings.ToLower(p.Path))) {
			names = append(names, strings.ToLower(p.Name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
