package hunt

import (
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// chain finds the longest chain of script hosts and carriers of code in a finding's runs.
func (r *ranker) chain(f *ranked) {
	for _, run := range f.Runs {
		f.evidence.Chain = max(f.evidence.Chain, chainOf(r.tree(run.Index).Nodes))
	}
}

// chainOf counts the different ones along every way down a tree whose nodes each come
// before what they started.
func chainOf(nodes []row.Node) (longest int) {
	var above [][]string // by depth: the carriers on the way to the node at hand
	for i := range nodes {
		n := &nodes[i]
		depth := min(max(n.Depth-1, 0), len(above))
		var links []string
		if depth > 0 {
			links = above[depth-1]
		}
		name := strings.ToLower(n.Process.Name)
		if score.Carries([]byte(name)) && !slices.Contains(links, name) {
			links = append(slices.Clip(links), name)
		}
		above = append(above[:depth], links)
		longest = max(longest, len(links))
	}
	return longest
}

// called is what tasks of one name do in the fleet.
type called struct {
	devices int
	odd     map[int]int // by on how many devices a template has the name: pairs of both
}

// callings counts, name by name, which tasks have it.
func (r *ranker) callings() {
	r.names = make(map[rarity.Text]*called)
	for _, task := range r.Tasks() {
		for fact, seen := range task.Facts {
			if fact.Kind != rarity.Name {
				continue
			}
			c := r.names[fact.Text]
			if c == nil {
				c = &called{devices: r.Fleet[fact].Devices(), odd: make(map[int]int)}
				r.names[fact.Text] = c
			}
			c.odd[seen.Devices()] += seen.Devices()
		}
	}
}

// called finds the name under which few of the devices that have it run this: there the
// task was made to do something else.
func (r *ranker) called(f *ranked) {
	if len(f.Departs) > 0 {
		return
	}
	e, best := &f.evidence, -1.0
	for fact, seen := range f.Task.Facts {
		if fact.Kind != rarity.Name {
			continue
		}
		c, same := r.names[fact.Text], 0
		for n, pairs := range c.odd {
			if n <= seen.Devices() {
				same += pairs
			}
		}
		bits := score.Rare(same-1, c.devices-1)
		if bits > best || (bits == best && c.devices > e.Called) {
			best, e.Called, e.CalledSame = bits, c.devices, min(same, c.devices)
		}
	}
}
