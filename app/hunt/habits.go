package hunt

import "github.com/schtaskhunt/schtaskhunt/app/score"

// habits remembers which habits of attackers processes show.
type habits struct{ memo[[]string] }

// of returns the names of the habits that a process shows, in the order of score.Habits. They
// are not to be changed.
func (h *habits) of(p *score.Process) []string {
	h.key = h.key[:0]
	for _, text := range [...][]byte{p.Name, p.Path, p.Command, p.Parent} {
		h.key = addText(h.key, text)
	}
	return h.memo.of(func() (names []string) {
		score.Each(p, func(one *score.Habit) { names = append(names, one.Name) })
		return names
	})
}
