package kql

import (
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
	"github.com/schtaskhunt/schtaskhunt/app/kql/write"
)

// node is one process of a pattern's latest path: a row behind
//
//	| extend N_InitiatingProcessFileName = pack_array(...), ...
//	| mv-expand N_InitiatingProcessFileName, N_InitiatingProcessCommandLine, N_InitiatingProcessId, N_InitiatingProcessCreationTime
//	| extend join_key = strcat(...)
//	| where isnotnull(N_InitiatingProcessId)
type node struct {
	pattern *pattern
	level   int
}

// joinKeys are the nodes by their join_key. Few of all connections are of any, so that
// most are ruled out by a hash.
type joinKeys struct {
	nodes  map[string][]node
	owners map[keep.KeyHash]struct{}
	hints  [1 << hintBits / 64]uint64 // a bit for each of owners
}

const hintBits = 16

func (j *joinKeys) add(owner keep.KeyHash) {
	j.owners[owner] = struct{}{}
	hint := owner % (1 << hintBits)
	j.hints[hint/64] |= 1 << (hint % 64)
}

func (j *joinKeys) mayHave(owner keep.KeyHash) bool {
	hint := owner % (1 << hintBits)
	if j.hints[hint/64]>>(hint%64)&1 == 0 {
		return false
	}
	_, has := j.owners[owner]
	return has
}

// nodes expands the patterns. The scheduler itself (G4) is on no level, and so its
// own connections are never found (quirk Q17).
func (r *run) nodes(patterns *patterns) *joinKeys {
	j := &joinKeys{nodes: make(map[string][]node), owners: make(map[keep.KeyHash]struct{})}
	for _, g := range patterns.groups {
		for level := range keep.Levels {
			p := r.OnLevel(&g.latest, level)
			if p.IsUnknown(r.Sysmon) {
				continue
			}
			k := r.KeyOf(&g.latest, level)
			j.add(r.Owner(&k))
			r.scratch = r.AppendMatch(r.scratch[:0], k)
			j.nodes[string(r.scratch)] = append(j.nodes[string(r.scratch)], node{g, level})
			r.stages.Nodes++
		}
	}
	return j
}

// connected is
//
//	| join kind=inner (DeviceNetworkEvents | where Timestamp > ago(timeframe) | extend join_key = strcat(...)) on join_key
//
// A process on three patterns has each connection three times (quirk Q3).
func (r *run) connected(j *joinKeys) []write.Row {
	n := sides()
	parts := make([]connectedPart, n)
	sideBySide(n, func(side int) {
		from, to := share(len(r.Owners.Split()), side, n)
		for page := from; page < to; page++ {
			parts[side].join(r, j, page)
		}
	})
	var results []write.Row
	for i := range parts {
		r.stages.Connections += parts[i].seen
		results = append(results, parts[i].results...)
	}
	r.stages.Rows = len(results)
	return results
}

// connectedPart is one side's part of the join.
type connectedPart struct {
	results []write.Row
	seen    int // connections within the lookback
	scratch []byte
}

// join joins the connections of one page.
func (p *connectedPart) join(r *run, j *joinKeys, page int) {
	all := r.window.HasAll()
	for at, owner := range r.Owners.Split()[page] {
		c := &r.Connections.Split()[page][at]
		if !all && !r.window.InLookback(c.Timestamp) {
			continue
		}
		p.seen++
		if !j.mayHave(owner) {
			continue
		}
		p.scratch = r.AppendMatch(p.scratch[:0], c.ProcessKey(r.Sysmon))
		for _, n := range j.nodes[string(p.scratch)] {
			p.results = append(p.results, write.Row{Path: &n.pattern.latest, Count: n.pattern.count, Level: n.level, Connection: int32(page*keep.PageSize + at)})
		}
	}
}
