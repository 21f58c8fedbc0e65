package hunt

import (
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/template"
	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// styles counts the devices that have rare tasks which run scripts in the same way.
type styles map[string]int

// countTasks counts the tasks, and the styles of those that are rare. What a common task does
// lends a rare one nothing: how a fleet's own scripts are run is easily found out.
func (r *ranker) countTasks() {
	r.styles, r.tasks = make(styles), 0
	for text, task := range r.Tasks() {
		if r.Text(text) == rarity.AnyTask { // no task's
			continue
		}
		r.tasks++
		if style := r.style(task); style != "" && score.IsRare(task.Devices(), r.fleet) {
			r.styles[style] += task.Devices()
		}
	}
}

func (r *ranker) style(task *rarity.Task) string { return template.Style(r.Text(task.Template)) }

// kin finds out how many devices have tasks that run scripts in the way in which a finding's
// task does.
func (r *ranker) kin(f *ranked) {
	if len(f.Departs) == 0 {
		f.evidence.Kin = min(r.styles[r.style(f.Task)], r.fleet)
	}
}
