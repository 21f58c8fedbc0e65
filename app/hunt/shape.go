package hunt

import (
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// chain finds the longest chain of script hosts and carriers of code in a finding's runs.
func (r *ranker) chain(f *ranked) {
	for _, run := range f.Runs {
		f.evidence.Chain = max(f.evidence.Chain, r.run(run.Index).chain())
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
