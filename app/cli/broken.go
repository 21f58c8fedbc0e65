package cli

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// badShown is how many broken events are named; the ledger counts all.
const badShown = 3

// brokenEvents are the first broken ones, in the order of the files and their lines,
// whichever lane met them when.
type brokenEvents struct {
	mu    sync.Mutex
	first []brokenEvent
}

type brokenEvent struct {
	file, batch, line int
	text              string
}

func (b *brokenEvents) add(p fileBatch, e source.Event, kind event.Kind, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := brokenEvent{file: p.file, batch: p.Number, line: e.Line()}
	place, _ := slices.BinarySearchFunc(b.first, at, func(x, y brokenEvent) int {
		return cmp.Or(cmp.Compare(x.file, y.file), cmp.Compare(x.batch, y.batch), cmp.Compare(x.line, y.line))
	})
	if place == badShown {
		return
	}
	at.text = fmt.Sprintf("%s: %s: %v%s", e.Where(), fate(kind), err, hint(err))
	b.first = slices.Insert(b.first, place, at)
	b.first = b.first[:min(len(b.first), badShown)]
}
