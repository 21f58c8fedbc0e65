package sink

import (
	"github.com/schtaskhunt/schtaskhunt/app/sink/graph"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// writeGraph draws one finding's best tree for a ticket: that which was chosen, or the
// highest.
func writeGraph(j *job) error {
	findings := view.Of(j.rows)
	if len(findings) == 0 {
		return graph.ErrNothing
	}
	draw := graph.Mermaid
	if j.Format == "dot" {
		draw = graph.Dot
	}
	best := findings[0]
	if shown, _ := view.Fold(findings); len(shown) > 0 {
		best = shown[0]
	}
	return draw(j.out, best, len(findings)-1)
}
