package roots

import "github.com/schtaskhunt/schtaskhunt/app/tree"

// schtask is the Task Scheduler. Its rule is that of the method, in package tree, for the
// scheduler's own log has a say in it.
var schtask = Preset{
	Name: "schtask", Means: "the Task Scheduler", Goals: []Goal{Persistence, Execution}, Techniques: []string{"T1053.005", "T1053.002"},
	Also:  []string{"task", "tasks", "schtasks", "scheduler", "schedule", "scheduled_task", "scheduledtask", "scheduledtasks", "taskeng", "at"},
	level: levelTask, start: tree.Schedule{},
}
