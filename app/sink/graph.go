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
	return draw(j.out, findings[0], len(findings)-1)
}
