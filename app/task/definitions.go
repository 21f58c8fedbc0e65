package task

import "github.com/schtaskhunt/schtaskhunt/app/task/definition"

// Definitions are the definitions of tasks that were read before, by their text: the same
// task is registered on many devices, and again and again on one. The zero value is ready for
// use; it is for one goroutine.
type Definitions struct {
	known map[string]*defined
	size  int // of the texts together, in bytes
}

// defined is what a definition says.
type defined struct {
	task     *definition.Task     // nil where it cannot be read
	patterns []definition.Pattern // of its actions
	marks    []mark               // of those that start something which can be told
}

// mark is what an action has in common with what it starts, all of it unless it has variables.
type mark struct {
	text  string
	fixed bool
}

// mostDefinitions is how long the texts may be together that are remembered, in bytes: some
// hundred definitions as Windows' own are, or thousands of short ones.
const mostDefinitions = 2 << 20

// Size is how long the texts are together that are remembered, in bytes.
func (d *Definitions) Size() int { return d.size }

// of returns what a text says that was read before, or now.
func (d *Definitions) of(text []byte) *defined {
	if one, known := d.known[string(text)]; known {
		return one
	}
	one := readDefinition(text)
	if d.size += len(text); d.known == nil || d.size > mostDefinitions {
		d.known, d.size = make(map[string]*defined), len(text)
	}
	d.known[string(text)] = one
	return one
}

// readDefinition reads a definition. One that breaks off counts as far as its actions go.
func readDefinition(text []byte) *defined {
	t, err := definition.Parse(text)
	if err != nil && len(t.Actions) == 0 {
		return &defined{}
	}
	one := &defined{task: &t}
	for i := range t.Actions {
		one.patterns = append(one.patterns, t.Actions[i].Pattern())
		if text, fixed := one.patterns[i].Fixed(); text != "" {
			one.marks = append(one.marks, mark{text, fixed})
		}
	}
	return one
}
