package kql

import (
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
)

// patternKey is what the query groups by: the device and the file names of all levels.
type patternKey struct {
	device event.Sym
	names  [keep.Levels]event.Sym
}

// pattern is a group of paths.
type pattern struct {
	count  int       // pattern_count: paths, duplicates and ghosts included
	tied   bool      // more than one path has the latest root
	latest keep.Path // the path that arg_max takes
}

// patterns is
//
//	| summarize arg_max(Timestamp,*), pattern_count=count() by DeviceId, InitiatingProcessG3ParentFileName, ... FileName
//
// Timestamp is the root's. Kusto leaves open which of several latest rows it takes;
// here it is the greatest by ComparePaths, so that a result can be repeated.
type patterns struct {
	*keep.Tables
	symbols *event.Symbols // of devices and file names
	groups  map[patternKey]*pattern
}

func (s *patterns) add(p *keep.Path) {
	k := patternKey{device: s.symbol(s.Processes.At(p.Events[0]).Device)}
	for level := range k.names {
		k.names[level] = s.symbol(s.NameOf(p, level))
	}
	g := s.groups[k]
	if g == nil {
		s.groups[k] = &pattern{count: 1, latest: *p}
		return
	}
	g.count++
	switch c := keep.CompareTimes(s.RootTime(p), s.RootTime(&g.latest)); {
	case c > 0:
		g.latest, g.tied = *p, false
	case c == 0:
		g.tied = true
		if s.ComparePaths(p, &g.latest) > 0 {
			g.latest = *p
		}
	}
}

func (s *patterns) symbol(ref keep.TextRef) event.Sym { return s.symbols.Intern(s.Texts.Bytes(ref)) }
