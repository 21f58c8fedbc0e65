//go:build browser

package page

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sink/graph"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

// What made a process start stands dashed under it and folds nothing up, whatever it is called.
func TestCausesInABrowser(t *testing.T) {
	b := startBrowser(t)
	for _, name := range append([]string{"Relay"}, hostile...) {
		name = strings.ReplaceAll(name, "%s", "http://192.0.2.1")
		b.open(written(t, caused(name), &view.About{}), 1440, "")
		b.want("document.querySelectorAll('#detail .cause').length", 1.0)
		b.want("getComputedStyle(document.querySelector('#detail .cause')).borderLeftStyle", "dashed")
		b.want("document.querySelectorAll('#detail .cause details, #detail .cause .process').length", 0.0)
		b.want("document.querySelectorAll('#detail .process').length", 2.0)
		b.want("document.querySelector('#detail .cause').textContent.includes('7045#12') && document.querySelector('#detail .cause').textContent.startsWith('┄ caused by')", true)
		b.want("document.title", "schtaskhunt: 1 finding")
		b.want("document.documentElement.scrollWidth <= 1440", true)
		if file := os.Getenv("SCREENSHOT"); file != "" && name == "Relay" {
			text, err := base64.StdEncoding.DecodeString(fmt.Sprint(b.call("Page.captureScreenshot", nil)["data"]))
			if err != nil || os.WriteFile(file, text, 0o600) != nil {
				t.Errorf("no picture of the page: %v", err)
			}
		}
	}
	if len(b.fetched) > 0 && strings.Contains(strings.Join(b.fetched, " "), "192.0.2.1") {
		t.Errorf("asked for %q", b.fetched)
	}
}

// Mermaid reads a dashed arrow from what made the process start.
func TestMermaidReadsCauses(t *testing.T) {
	mermaid, err := os.ReadFile(os.Getenv("MERMAID"))
	if err != nil {
		t.Fatalf("MERMAID names no mermaid: make browser does: %v", err)
	}
	b := startBrowser(t)
	b.eval(string(mermaid) + ";mermaid.initialize({startOnLoad: false});0")
	for _, name := range append([]string{"Relay"}, hostile...) {
		var out strings.Builder
		if err := graph.Mermaid(&out, caused(name)[0], 0); err != nil {
			t.Fatal(err)
		}
		source, _ := json.Marshal(out.String())
		b.eval("mermaid.render('drawn', " + string(source) + ").then((r) => { document.body.innerHTML = r.svg; })")
		b.want("document.querySelectorAll('.node').length", 3.0)
		b.want("document.querySelectorAll('.edge-pattern-dotted').length", 1.0)
		b.want("document.querySelectorAll('.flowchart-link').length", 2.0)
		b.want("document.title", "")
	}
}
