package schema

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Set is the schemas that are tried on every event, in order, and all the fields that
// they look at. It is immutable and safe for concurrent use.
type Set struct {
	schemas  []Schema
	own      int      // how many of them are the program's own; the others are of mappers
	asked    []Schema // the program's own too, for who asks for their kind
	names    *record.Names
	programs func() ([]program, error) // of the own ones, compiled once: nothing of them changes
}

// builtIn is the set that most hunts use. There is one, begun when the program starts and made
// beside what else it does then: splunkd waits for a reply that lists the fields of all schemas.
var builtIn = begun(func() *Set { return makeSet(nil) })

// begun begins to make a set, and returns what waits for it.
func begun(set func() *Set) func() *Set {
	made := sync.OnceValue(set)
	go made()
	return made
}

// BuiltIn returns the schemas of the sensors that the program knows by itself, and of
// Splunk's data models.
func BuiltIn() *Set { return builtIn() }

// With returns the built-in set with further schemas, of mappers. They come last, so that
// a mapper takes nothing that is read without it: an event in which one of the others
// finds its shape is tried by the mappers only when it is malformed there. Fields of the
// built-in set have the same slots in every set. It fails on a schema that does
// not compile.
func With(schemas ...Schema) (*Set, error) {
	if len(schemas) > mostMappers {
		return nil, fmt.Errorf("there are %d mappers, and at most %d can be used at once", len(schemas), mostMappers)
	}
	s := makeSet(schemas)
	for i := range schemas {
		if _, err := schemas[i].compile(s.names); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// mostMappers is how many mappers event.Source can tell apart.
const mostMappers = math.MaxUint8

// Mappers returns the names of the set's further schemas. event.Source tells which of them read
// an event, counted from 1.
func (s *Set) Mappers() (names []string) {
	for i := range s.schemas[s.own:] {
		names = append(names, s.schemas[s.own+i].Name)
	}
	return names
}

func makeSet(further []Schema) *Set {
	own := slices.Concat(sysmonSchemas(), ecsSchemas(), securitySchemas(), taskSchemas(), defenderSchemas(), asimSchemas(), cimSchemas())
	asked := append(logonSchemas(), injectionSchemas()...)
	s := &Set{own: len(own), asked: asked, schemas: append(own, further...)}
	s.names = record.NamesOf(func(add func(string)) {
		eachField(own, add)
		eachField(asked, add)
		for _, fields := range [...][]string{{Raw, messageField, nxlogField, ChunkIndex, Repeats}, record.DataFields, joinedNames()} {
			for _, field := range fields {
				add(field)
			}
		}
		eachField(further, add) // the last, so that the others have the same slots in every set
	})
	s.names.Also(renderedField, messageField)
	s.programs = sync.OnceValues(s.compileOwn)
	return s
}

func eachField(schemas []Schema, visit func(string)) {
	for i := range schemas {
		schemas[i].eachField(visit)
	}
}

func (s *Set) compileOwn() (programs []program, err error) {
	for i := range s.schemas[:s.own] {
		p, err := s.schemas[i].compile(s.names)
		if err != nil {
			return nil, err
		}
		programs = append(programs, p)
	}
	return programs, nil
}

// programsFor returns the own programs, and before them those of the kinds asked: no other opens for their
// events but one that leaves them alone.
func (s *Set) programsFor(asked []event.Kind) (programs []program, err error) {
	for i := range s.asked {
		if !slices.Contains(asked, s.asked[i].Asked) {
			continue
		}
		p, err := s.asked[i].compile(s.names)
		if err != nil {
			return nil, err
		}
		programs = append(programs, p)
	}
	own, err := s.programs()
	if programs == nil || err != nil {
		return own, err
	}
	return append(programs, own...), nil
}

// Names returns the fields that a record must be made over.
func (s *Set) Names() *record.Names { return s.names }

// RequiredFields returns every field that any schema may use: what to ask Splunk for.
// Without raw, the events' own texts are left out.
func (s *Set) RequiredFields(raw bool) (fields []string) {
	for slot := range record.Slot(s.names.Len()) {
		if name := s.names.Name(slot); name != ChunkIndex && (raw || name != Raw) {
			fields = append(fields, name)
		}
	}
	return fields
}

// Names is that of the built-in set.
func Names() *record.Names { return builtIn().Names() }

// RequiredFields is that of the built-in set.
func RequiredFields(raw bool) []string { return builtIn().RequiredFields(raw) }

// NewReader is that of the built-in set.
func NewReader(sink event.Sink) (*Reader, error) { return builtIn().NewReader(sink) }
