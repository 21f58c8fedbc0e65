// Package enrich has the indicators that trees show judged: addresses, host names,
// hashes and command lines, each once in a run, in batches, by one or more sources.
//
// It knows nothing of plugins but their types: what starts them and keeps them in
// bounds is around it.
package enrich

import (
	"context"
	"fmt"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// Source gives one verdict for each indicator of a batch, in order. It keeps nothing
// of the batch; the verdicts are the caller's.
type Source interface {
	Enrich(ctx context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error)
}

// batchSize is how many indicators go to a source at a time: enough to forget what a
// call to another process costs, and few enough for its deadline.
const batchSize = 5000

// Questions are the indicators that some trees show, each once, with the best verdicts
// on them so far.
type Questions struct {
	indicators []plugin.Indicator
	at         map[plugin.Indicator]int

	mu       sync.Mutex
	verdicts []row.Verdict // by indicator
}

// Gather collects the indicators of trees, in their order.
func Gather(trees []row.Tree) *Questions {
	q := &Questions{at: make(map[plugin.Indicator]int)}
	eachIndicator(trees, func(_ *row.Verdict, i plugin.Indicator) {
		if _, known := q.at[i]; !known {
			q.at[i] = len(q.indicators)
			q.indicators = append(q.indicators, i)
		}
	})
	q.verdicts = make([]row.Verdict, len(q.indicators))
	return q
}

// Len returns how many distinct indicators there are.
func (q *Questions) Len() int { return len(q.indicators) }

// Answers is what one source made of the questions.
type Answers struct {
	Known   int // indicators with a verdict
	Unasked int // indicators that nothing is known of because of Err
	Err     error
}

// Ask has a source judge all indicators. A batch that fails is unknown, and the next
// one is tried unless final says that the source is of no use any more. Several
// sources may be asked at a time.
func (q *Questions) Ask(ctx context.Context, s Source, final func(error) bool) (a Answers) {
	for from := 0; from < len(q.indicators); from += batchSize {
		to := min(from+batchSize, len(q.indicators))
		verdicts, err := s.Enrich(ctx, q.indicators[from:to:to])
		if err == nil && len(verdicts) != to-from {
			err = fmt.Errorf("%d verdicts came back on %d indicators", len(verdicts), to-from)
		}
		if err == nil {
			a.Known += q.take(from, verdicts)
			continue
		}
		if a.Err == nil {
			a.Err = err
		}
		if final(err) || ctx.Err() != nil {
			a.Unasked += len(q.indicators) - from
			return a
		}
		a.Unasked += to - from
	}
	return a
}

// take keeps the better verdicts, and returns how many say anything.
func (q *Questions) take(from int, verdicts []plugin.Verdict) (known int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range verdicts {
		v := &verdicts[i]
		if v.Score == 0 && v.Label == "" && v.Source == "" {
			continue
		}
		known++
		at := &q.verdicts[from+i]
		*at = at.Or(row.Verdict{Known: true, Score: v.Score, Label: v.Label, Source: v.Source})
	}
	return known
}

// Fill writes the verdicts into the trees that the questions were gathered from: to
// each process the best on its hash and command line, to each connection the best on
// its address and names.
func (q *Questions) Fill(trees []row.Tree) {
	eachIndicator(trees, func(to *row.Verdict, i plugin.Indicator) {
		if at, known := q.at[i]; known {
			*to = to.Or(q.verdicts[at])
		}
	})
}
