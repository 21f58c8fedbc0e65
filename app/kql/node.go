package kql

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

// result is a row of the query's result: a node and a connection of its process.
type result struct {
	node
	connection int32
}

// nodes expands the patterns. The scheduler itself (G4) is on no level, and so its
// own connections are never found (quirk Q17).
func (r *run) nodes(patterns *patterns) map[string][]node {
	byKey := make(map[string][]node)
	for _, g := range patterns.groups {
		for level := range levels {
			p := r.onLevel(&g.latest, level)
			if p.isUnknown(r.sysmon) {
				continue
			}
			r.scratch = r.appendJoinKey(r.scratch[:0], r.keyOf(&g.latest, level))
			byKey[string(r.scratch)] = append(byKey[string(r.scratch)], node{g, level})
			r.stages.Nodes++
		}
	}
	return byKey
}

// isUnknown reports whether the query drops the node: it has no id; or no ProcessGuid.
func (p *process) isUnknown(sysmon bool) bool {
	if sysmon {
		return p.guid == 0
	}
	return p.id == noLong
}

// connected is
//
//	| join kind=inner (DeviceNetworkEvents | where Timestamp > ago(timeframe) | extend join_key = strcat(...)) on join_key
//
// A process on three patterns has each connection three times (quirk Q3).
func (r *run) connected(nodes map[string][]node) (results []result) {
	hints := r.hints(nodes)
	for i := range r.connections.n {
		c := r.connections.at(i)
		if !r.window.inLookback(c.timestamp) {
			continue
		}
		r.stages.Connections++
		k := r.processKey(c)
		if _, possible := hints[k.hint(r.sysmon)]; !possible {
			continue
		}
		r.scratch = r.appendJoinKey(r.scratch[:0], k)
		for _, n := range nodes[string(r.scratch)] {
			results = append(results, result{n, i})
		}
	}
	r.stages.Rows = len(results)
	return results
}

// hint is the part of a key that equal join_keys have in common, and that is cheap to
// look at: the text of a join_key ends with its time.
func (k *key) hint(sysmon bool) int64 {
	if sysmon {
		return int64(k.name)
	}
	return int64(k.creationTime)
}

func (r *run) hints(nodes map[string][]node) map[int64]struct{} {
	hints := make(map[int64]struct{}, len(nodes))
	for _, list := range nodes {
		k := r.keyOf(&list[0].pattern.latest, list[0].level)
		hints[k.hint(r.sysmon)] = struct{}{}
	}
	return hints
}
