// Package page writes a report as one HTML file: for a colleague, a ticket, a shelf. It
// needs no network and may reach none: its policy allows nothing but its own script and
// style, named by their sums. Every datum goes through html/template into a block of
// JSON, and from there into the page as text, never as markup.
package page

import (
	"crypto/sha256"
	_ "embed" // the script and the style
	"encoding/base64"
	"html/template"
	"io"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/sink/view"
)

//go:embed report.html
var reportHTML string

//go:embed report.css
var reportCSS string

//go:embed report.js
var reportJS string

// report is the page's template, read when a page is written: few runs write one.
var report = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Funcs(template.FuncMap{
		"bytes": view.Bytes, "count": view.Count, "plural": view.Plural, "printable": row.Printable,
	}).Parse(reportHTML))
})

// document is what the template shows. Script and Style are our own files, which is why
// they are let in as they are.
type document struct {
	Style         template.CSS
	Script        template.JS
	Policy        string
	About         *view.About
	Files         int
	Bytes         int64
	Findings      int
	Levels        string
	Few, Folded   string
	Lacks         []view.Lack
	First, Last   string
	Warnings      []string
	Data          []finding
	ContactsShown int
}

// Write writes the report of findings, in their order.
func Write(w io.Writer, findings []*view.Finding, about *view.About) error {
	d := document{
		Style: template.CSS(reportCSS), Script: template.JS(reportJS), Policy: policy(), //nolint:gosec // our own files
		About: about, Findings: len(findings), Levels: view.LevelsInWords(findings), Few: view.Few(findings, about.Ledger.Devices), Lacks: view.Lacks(findings), ContactsShown: mostContacts,
	}
	d.Files, d.Bytes = about.Read()
	_, folded := view.Fold(findings)
	d.Folded = view.Folded(folded)
	first, last := view.Span(findings)
	d.First, d.Last = view.Clock(first), view.Clock(last)
	for _, m := range about.Messages {
		if m.Level == account.Warn {
			d.Warnings = append(d.Warnings, row.Printable(m.Text))
		}
	}
	for _, f := range findings {
		d.Data = append(d.Data, findingOf(f))
	}
	return report().Execute(w, d)
}

// policy is the page's content security policy.
func policy() string {
	sum := func(text string) string {
		s := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(s[:]) + "'"
	}
	return "default-src 'none'; script-src " + sum(reportJS) + "; style-src " + sum(reportCSS) +
		"; img-src data:; base-uri 'none'; form-action 'none'"
}
