package hunt

import (
	"github.com/schtaskhunt/schtaskhunt/app/beacon"
	"github.com/schtaskhunt/schtaskhunt/app/census"
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
		if prior, known := c.trigger(); known {
			agree(p, taskOn{c.run.Task, c.run.Device}, prior)
		}
		for _, t := range c.devices {
			agree(p, taskOn{c.run.Task, t.device}, t.prior)
		}
	}
	return p
}

// agree notes what one more trigger says: nothing, once two say different things.
func agree[K comparable](all map[K]beacon.Prior, on K, prior beacon.Prior) {
	if was, known := all[on]; known && was != prior {
		prior = beacon.Prior{}
	}
	all[on] = prior
}

// trigger is what the trigger of a run's task says of its period; false for a run of which no
// task or no fact is known, and for one of another share, which tells of several devices.
func (c *candidate) trigger() (beacon.Prior, bool) {
	t := &c.tree.Task
	return beacon.Prior{Period: float64(t.Period), Delay: float64(t.Delay)}, c.allowed == nil && len(c.run.Facts) > 0 && t.Name != ""
}

// triggered is a device, and what a trigger on it says.
type triggered struct {
	device rarity.Device
	prior  beacon.Prior
}

// triggers are what one share of a fleet tells of the triggers of runs that are alike, by
// device.
type triggers map[census.ID]beacon.Prior

// and are those of both, in the memory of the first: of a task there may be 10^5 runs.
func (t triggers) and(o triggers) triggers {
	if t == nil {
		t = make(triggers, len(o))
	}
	for id, prior := range o {
		agree(t, id, prior)
	}
	return t
}

// judge says how regular the contacts of a task on a device with one destination are.
func (r *ranker) judge(c *beacon.Contacts, task rarity.Text, on rarity.Device) beacon.Verdicts {
	r.judging.Lock()
	v, known := r.judged[c]
	r.judging.Unlock()
	if known {
		return v
	}
	v = judged(c, r.periods[taskOn{task, on}]) // takes long, and others may judge meanwhile
	r.judging.Lock()
	defer r.judging.Unlock()
	r.judged[c] = v
	return v
}
