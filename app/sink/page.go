package sink

import (
	"github.com/schtaskhunt/schtaskhunt/app/sink/page"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// writePage writes the report for a browser.
func writePage(j *job) error { return page.Write(j.out, view.Of(j.rows), j.about) }
