package worlds

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// World is a set of events for which nothing may matter but what is in them.
type World struct {
	Name   string // the format, or what it is
	Events [][]byte
}

// Args are options with what the world's events need besides.
func (w World) Args(args string) string { return WithMapper(args, w.Name) }

// All are the worlds that nothing may matter in: one of contradictions, and a small fleet in
// each format.
func All(t testing.TB) []World {
	formats := sample.AllFormats()
	all := append(make([]World, 0, 1+len(formats)), World{Name: "nasty", Events: Nasty()})
	for _, format := range formats {
		all = append(all, World{Name: format, Events: Small(t, format)})
	}
	return all
}
