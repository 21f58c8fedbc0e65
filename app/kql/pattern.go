package kql

import "github.com/schtaskhunt/schtaskhunt/app/event"

// patternKey is what the query groups by: the device and the file names of all levels.
type patternKey struct {
	device event.Sym
	names  [levels]event.Sym
}

// pattern is a group of paths.
type pattern struct {
	count  int  // pattern_count: paths, duplicates and ghosts included
	tied   bool // more than one path has the latest root
	latest path // the path that arg_max takes
}

// patterns is
//
//	| summarize arg_max(Timestamp,*), pattern_count=count() by DeviceId, InitiatingProcessG3ParentFileName, ... FileName
//
// Timestamp is the root's. Kusto leaves open which of several latest rows it takes;
// here it is the greatest by comparePaths, so that a result can be repeated.
type patterns struct {
	*tables
	symbols *event.Symbols // of devices and file names
	groups  map[patternKey]*pattern
}

func (s *patterns) add(p *path) {
	k := patternKey{device: s.symbol(s.processes.at(p.events[0]).device)}
	for level := range k.names {
		k.names[level] = s.symbol(s.nameOf(p, level))
	}
	g := s.groups[k]
	if g == nil {
		s.groups[k] = &pattern{count: 1, latest: *p}
		return
	}
	g.count++
	switch c := compareTimes(s.rootTime(p), s.rootTime(&g.latest)); {
	case c > 0:
		g.latest, g.tied = *p, false
	case c == 0:
		g.tied = true
		if s.comparePaths(p, &g.latest) > 0 {
			g.latest = *p
		}
	}
}

func (s *patterns) symbol(ref textRef) event.Sym { return s.symbols.Intern(s.texts.bytes(ref)) }
