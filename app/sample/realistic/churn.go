package realistic

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// What changes in a day and 1,000 devices, beside a new device (born) and crashes.
const (
	newRareKinds   = 4
	changedKinds   = 10
	joinedKinds    = 3 // a rare kind that one device more gets
	removedKinds   = 2
	commonNewHosts = 1
	crashShare     = 1e-4 // of runs of common tasks
)

// addChurn adds what changes from day to day.
func (w *world) addChurn() {
	tail := w.ofGroup("tail")
	w.happens("new", newRareKinds, func(d dice, at Time, i int) { w.newRare(d, at, i) })
	w.happens("changed", changedKinds, func(d dice, at Time, i int) { w.changeRare(d, at, i, tail) })
	w.happens("joined", joinedKinds, func(d dice, at Time, _ int) { w.join(d, at, tail) })
	w.happens("removed", removedKinds, func(d dice, at Time, _ int) {
		if len(tail) > 0 {
			pick(d, tail).until = at
		}
	})
	w.happens("hosts", commonNewHosts, func(d dice, at Time, i int) { w.newHost(d, at, i) })
}

func (w *world) ofGroup(group string) (list []*kind) {
	for _, k := range w.kinds {
		if k.group == group {
			list = append(list, k)
		}
	}
	return list
}

// happens calls do as often as a thing happens in the log, at times spread over it.
func (w *world) happens(what string, rate float64, do func(d dice, at Time, i int)) {
	mean := rate * float64(w.cfg.Days) * float64(w.cfg.Devices) / 1000
	d := diceFor(w.cfg.Seed, "churn", what)
	n := int(math.Floor(mean + d.Float64()))
	for i := range n {
		// One after another, each in its own share of the log.
		share := (float64(i) + d.Float64()) / float64(n)
		do(d, w.from+Time(share*float64(w.to-w.from-hour)), i)
	}
}

// newRare is a rare kind that comes new.
func (w *world) newRare(d dice, at Time, i int) {
	k := w.rare(d, fmt.Sprintf("churn-%05d", i))
	k.group, k.from, k.when.atOnce = "churn", at, d.chance(0.6)
	if len(k.devices) > 1 {
		k.spread = min(3*day, w.to-at)
	}
	w.add(k)
}

// join gives a rare kind to a device that did not have it.
func (w *world) join(d dice, at Time, tail []*kind) {
	if len(tail) == 0 {
		return
	}
	k, i := pick(d, tail), d.IntN(w.cfg.Devices)
	if slices.Contains(k.devices, i) {
		return
	}
	if k.joined == nil {
		k.joined = map[int]Time{}
	}
	k.devices = append(k.devices, i)
	k.joined[i] = at
}

// changeRare gives a rare kind a new version, host name, domain or option.
func (w *world) changeRare(d dice, at Time, i int, tail []*kind) {
	if len(tail) == 0 {
		return
	}
	k := pick(d, tail)
	e := k.editions[len(k.editions)-1]
	e.root, e.from = e.root.deep(), at
	if len(k.devices) > 1 {
		e.spread = min(2*day, w.to-at)
	}
	switch d.IntN(5) {
	case 0, 1:
		e.version = versionNumber(d)
		if _, inside := calledBy(&e.root); inside == nil {
			e.version += fmt.Sprint(".", i)
		}
	case 2:
		e.root.each(func(n *node) { w.moveHost(n) })
	case 3:
		e.root.each(func(n *node) { w.moveDomain(d, n) })
	default:
		e.root.command = changeOption(d, e.root.image, e.root.command)
		e.retasked = true
	}
	k.editions = append(k.editions, e)
}

// calledBy returns the first call of a tree with its node, nil where there is none.
func calledBy(root *node) (by *node, c *call) {
	root.each(func(n *node) {
		if c == nil && len(n.calls) > 0 {
			by, c = n, &n.calls[0]
		}
	})
	return by, c
}

// moveHost lets calls go to another name under the same domain.
func (w *world) moveHost(n *node) {
	for i, c := range n.calls {
		if len(c.to.hosts) == 0 || c.to.internal || strings.Count(c.to.hosts[0], ".") < 2 {
			continue
		}
		_, domain, _ := strings.Cut(c.to.hosts[0], ".")
		p := *c.to
		p.hosts = []string{w.names.host(domain)}
		n.calls[i].to = &p
	}
}

// moveDomain lets calls go to another domain.
func (w *world) moveDomain(d dice, n *node) {
	for i, c := range n.calls {
		if !c.to.internal {
			n.calls[i].to = w.anyOutside(d, "")
		}
	}
}

func changeOption(d dice, image, command string) string {
	if command == "" {
		command = `"` + image + `"`
	}
	return command + pick(d, []string{" /v", " --verbose", " -Force", " -log C:\\Temp\\{date}.log", " --retry 3", " /q"})
}

// newHost lets a common task call another name as well: mostly one under a domain that
// it calls already.
func (w *world) newHost(d dice, at Time, i int) {
	common := slices.DeleteFunc(w.ofGroup("common"), func(k *kind) bool {
		_, c := calledBy(&k.editions[0].root)
		return c == nil || c.to.internal
	})
	k := pick(d, common)
	e := k.editions[len(k.editions)-1]
	e.root, e.from, e.spread = e.root.deep(), max(at, e.from+e.spread), min(3*day, w.to-at)
	n, c := calledBy(&e.root)
	more := *c
	p := *c.to
	_, domain, _ := strings.Cut(p.hosts[0], ".")
	if d.chance(0.7) {
		p.hosts = []string{fmt.Sprintf("%s-%d.%s", pick(d, hostLabels[:5]), i+2, domain)}
	} else {
		p.hosts, p.addrs = []string{w.names.host(w.names.domain(""))}, addresses(d, 2)
	}
	more.to, more.share = &p, 0.5
	n.calls = append(n.calls, more)
	k.editions = append(k.editions, e)
}

// crashing is what a run starts: now and then a crash reporter beneath a common task.
func (m *machine) crashing(r *run) *node {
	n := &r.e.root
	if r.k.group != "common" || !r.d.chance(crashShare) {
		return n
	}
	crashed := n.deep()
	reporter := tool("WerFault.exe", " -u -p {n} -s {n}").call(call{to: m.w.sites["watson"], share: 0.7}).delayed(200*millisecond, 4*second)
	crashed.children = append(crashed.children, reporter)
	return &crashed
}
