package realistic

import (
	"fmt"
	"math"
)

// addTail adds the rare benign kinds: so many a device, each on few devices.
func (w *world) addTail() {
	n := int(math.Round(w.cfg.Tail * float64(w.cfg.Devices)))
	for i := range n {
		d := diceFor(w.cfg.Seed, "tail", fmt.Sprint(i))
		k := w.rare(d, fmt.Sprintf("tail-%05d", i))
		k.group = "tail"
		w.add(k)
	}
}

// rare makes one rare kind of task and deals it out.
func (w *world) rare(d dice, id string) kind {
	k := rareKinds[d.weighted(rareWeights)].make(w, d)
	k.id = id
	k.devices = w.deal(d, rareSpread(d))
	return k
}

// rareSpread is on how many devices a rare kind is: 1 to 20, mostly on one.
func rareSpread(d dice) int {
	switch share := d.Float64(); {
	case share < 0.62:
		return 1
	case share < 0.76:
		return 2
	case share < 0.90:
		return d.within(3, 6)
	}
	return d.within(7, 20)
}

type rareKind struct {
	name   string
	weight int
	make   func(*world, dice) kind
}

// rareKinds are what the tail is made of. About a third of it looks like an attack.
var rareKinds = []rareKind{
	{"updater in program files", 22, programFilesUpdater},
	{"updater in a profile", 11, profileUpdater},
	{"agent that stays", 6, stayingAgent},
	{"powershell script", 15, powershellScript},
	{"batch file", 9, batchFile},
	{"curl", 4, curlCall},
	{"windows script", 5, windowsScript},
	{"python", 6, pythonScript},
	{"library", 4, libraryTask},
	{"program in programdata", 6, programDataTool},
	{"one-off", 7, oneOff},
	{"tool of windows", 5, windowsTool},
}

var rareWeights = func() (list []int) {
	for _, k := range rareKinds {
		list = append(list, k.weight)
	}
	return list
}()

// rareTask is a kind with one edition and a name and an author of its own.
func rareTask(task, author string, when trigger, version string, root node) kind {
	return kind{task: task, author: author, when: when, editions: []edition{{version: version, root: root}}}
}

// anyPlace is where a rare task calls, nil for nowhere; own domains, shared clouds,
// services that all use, servers inside.
func (w *world) anyPlace(d dice, vendor string, outside float64) *place {
	if d.chance(outside) {
		return w.anyOutside(d, vendor)
	}
	if d.chance(0.5) {
		return w.inside()
	}
	return nil
}

// calling lets the deepest process of a root call, where there is a place to call.
func calling(d dice, n node, where *place) node {
	if where == nil {
		return n
	}
	c := call{to: where}
	if d.chance(0.3) {
		c.times = [2]int{1, d.within(2, 4)}
	}
	if d.chance(0.3) {
		c.share = 0.4 + 0.6*d.Float64()
	}
	switch {
	case len(where.hosts) > 0 && d.chance(0.05):
		c.silent = true
	case len(where.hosts) > 0 && d.chance(0.04): // looks only whether the name is there
		c.dns = true
	}
	return n.call(c)
}

// rarely is a schedule of people's own tasks: at round times, at logon, or when
// something happens.
func (w *world) rarely(d dice) trigger {
	switch {
	case d.chance(0.15):
		return chance(Time(d.within(3, 60)) * hour)
	case d.chance(0.08):
		return trigger{on: atBoot, delay: minute}
	}
	return w.anyRegular(d)
}

func hostOf(where *place) string {
	if where == nil || len(where.hosts) == 0 {
		return "localhost"
	}
	return where.hosts[0]
}
