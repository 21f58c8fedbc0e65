package hunt

import (
	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/rarity"
)

// periods are what the triggers of tasks say of how often they run, by the task as it was
// surveyed and the device. Contacts with that period are no more than what the trigger says:
// few of them are enough to be sure of it, and it is no evidence against the task.
type periods map[taskOn]beacon.Prior

type taskOn struct {
	task   rarity.Text
	device rarity.Device
}

// periodsOf collects them from runs. Where runs of one template have several triggers on a
// device, whose contacts are whose is not known, and none counts.
func periodsOf(runs []candidate) periods {
	p := make(periods)
	for i := range runs {
		c := &runs[i]
		if c.allowed != nil || len(c.run.Facts) == 0 || c.tree.Task.Name == "" {
			continue
		}
		on := taskOn{c.run.Task, c.run.Device}
		prior := beacon.Prior{Period: float64(c.tree.Task.Period), Delay: float64(c.tree.Task.Delay)}
		if was, known := p[on]; known && was != prior {
			prior = beacon.Prior{}
		}
		p[on] = prior
	}
	return p
}

// judge says how regular the contacts of a task on a device with one destination are.
func (r *ranker) judge(c *beacon.Contacts, task rarity.Text, on rarity.Device) beacon.Verdicts {
	v, known := r.judged[c]
	if !known {
		v = judged(c, r.periods[taskOn{task, on}])
		r.judged[c] = v
	}
	return v
}
