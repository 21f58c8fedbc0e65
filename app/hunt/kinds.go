package hunt

import (
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
	"github.com/schtaskhunt/schtaskhunt/app/score"
	"github.com/schtaskhunt/schtaskhunt/app/tree"
)

// A command that is run as a service is not what it is as a task: the kind stands behind
// the template of every root that is not a task's, as no command line has it. It is part of
// the finding's id and never shown.
const kindBefore, kindBehind = " <root:", ">"

// regexKind is that of roots that root=/regex/ names.
const regexKind = "regex"

func appendKind(template []byte, kind string) []byte {
	if kind == command.PresetSchtask || kind == regexKind {
		return template
	}
	return append(append(append(template, kindBefore...), kind...), kindBehind...)
}

// cutKind splits a template into its own text and what appendKind has put behind.
func cutKind(text string) (template, behind string) {
	if at := strings.LastIndex(text, kindBefore); at >= 0 && strings.HasSuffix(text, kindBehind) {
		return text[:at], text[at:]
	}
	return text, ""
}

// learn joins the templates that turn out to be one, each kind for itself.
func (r *ranker) learn() map[rarity.Text]rarity.Text {
	kinds := make(map[string][]template.Seen)
	for text, task := range r.Tasks() {
		own, kind := cutKind(r.Text(text))
		kinds[kind] = append(kinds[kind], template.Seen{Template: own, Devices: task.Which()})
	}
	final := make(map[string]string)
	for kind, seen := range kinds {
		for from, to := range template.Learn(seen) {
			final[from+kind] = to + kind
		}
	}
	return r.Learn(func(t string) string {
		if to, learnt := final[t]; learnt {
			return to
		}
		return t
	})
}

// rooted says what is known of a finding's roots. One that is odd makes the finding odd; it is
// usual where all are.
func (r *ranker) rooted(f *ranked) {
	e := &f.evidence.Root
	e.Usual = true
	for _, run := range f.Runs {
		root := r.run(run.Index).tree.Root
		e.Kind = root.Kind
		e.Odd = e.Odd || root.Label == tree.Odd.String()
		e.Usual = e.Usual && root.Label == tree.Usual.String()
	}
	if h := score.OddChild(e.Kind); h != nil && e.Odd {
		f.evidence.Habits = append(f.evidence.Habits, h)
	}
}

// template returns the template of a task as it is shown.
func (r *ranker) template(task *rarity.Task) string {
	own, _ := cutKind(r.Text(task.Template))
	return own
}
