package hold

import "github.com/schtaskhunt/schtaskhunt/app/event"

// dictionary numbers the texts that come again and again in one writer's pages:
// names, paths, users, and the command lines of many processes. Number 0 stands for
// none.
type dictionary struct{ texts *event.Symbols }

// A dictionary is closed when it holds so many texts, and takes none that is longer:
// what an attacker or a job makes up anew each time must not fill it.
const (
	mostNumbers = 1 << 16
	longestText = 512
)

func newDictionary(beside *event.Symbols) *dictionary { return &dictionary{beside.Sibling()} }

// number returns the number of a symbol's text; 0 when it has none.
func (d *dictionary) number(from *event.Symbols, y event.Sym) uint32 {
	return uint32(d.texts.Find(from, y))
}

// admit gives a text a number, if there is room.
func (d *dictionary) admit(from *event.Symbols, y event.Sym) uint32 {
	if len(from.Bytes(y)) > longestText || d.texts.Len() >= mostNumbers {
		return d.number(from, y)
	}
	return uint32(d.texts.Adopt(from, y))
}
