package partition

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

func newDictionary() *dictionary { return &dictionary{event.NewSymbols()} }

// number returns the text's number; 0 when it has none.
func (d *dictionary) number(text []byte) uint32 { return uint32(d.texts.Lookup(text)) }

// admit gives a text a number, if there is room.
func (d *dictionary) admit(text []byte) uint32 {
	if len(text) > longestText || d.texts.Len() >= mostNumbers {
		return 0
	}
	return uint32(d.texts.Intern(text))
}
