// Package page writes a report as one HTML file that needs no network.
package page

import (
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// Write is not there yet.
func Write(w io.Writer, findings []*view.Finding, about *view.About) error {
	_, err := io.WriteString(w, "")
	return err
}
