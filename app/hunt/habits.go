package hunt

import (
	"encoding/binary"

	"github.com/schtaskhunt/schtaskhunt/app/score"
)

// habits remembers which habits of attackers processes show, from one device to the next: most
// processes of a fleet look like one on another device. The zero value is ready for use; it is
// for one goroutine.
type habits struct {
	known map[string][]string // by all that habits are read from
	size  int                 // of the keys together, in bytes
	key   []byte
}

// mostHabits is how long the keys may be together, in bytes: some thousand processes.
const mostHabits = 1 << 20

// of returns the names of the habits that a process shows, in the order of score.Habits. They
// are not to be changed.
func (h *habits) of(p *score.Process) []string {
	h.key = h.key[:0]
	for _, text := range [...][]byte{p.Name, p.Path, p.Command, p.Parent} {
		h.key = append(binary.AppendUvarint(h.key, uint64(len(text))), text...)
	}
	if names, known := h.known[string(h.key)]; known {
		return names
	}
	var names []string
	score.Each(p, func(one *score.Habit) { names = append(names, one.Name) })
	if h.size += len(h.key); h.known == nil || h.size > mostHabits {
		h.known, h.size = make(map[string][]string), len(h.key)
	}
	h.known[string(h.key)] = names
	return names
}
