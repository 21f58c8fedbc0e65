package plugins

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/enrich"
	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
)

// enricher is a plugin that starts while events are read: it may have lists of its own
// to read.
type enricher struct {
	name   string
	opened chan struct{} // closed when plugin and err are set
	plugin Running
	err    error
	once   sync.Once
}

// StartEnrichers opens enrichers in the background.
func (o *Opened) StartEnrichers(names []string) {
	if o == nil {
		return
	}
	for _, name := range names {
		e := &enricher{name: name, opened: make(chan struct{})}
		o.enrichers = append(o.enrichers, e)
		go func() {
			e.plugin, e.err = o.installed.Start(name, o.say)
			close(e.opened)
			if o.isClosed() {
				e.close() // nobody waits for it any more
			}
		}()
	}
}

func (o *Opened) judge(trees []row.Tree) {
	questions := enrich.Gather(trees)
	answers := make([]enrich.Answers, len(o.enrichers))
	var asking sync.WaitGroup
	for i, e := range o.enrichers {
		asking.Go(func() { answers[i] = e.ask(questions) })
	}
	asking.Wait()
	for i, a := range answers {
		if a.Err != nil {
			o.warn("%v: nothing is known through it of %d of %d indicators", a.Err, a.Unasked, questions.Len())
		}
		if a.Unasked < questions.Len() {
			o.say(fmt.Sprintf("enrich=%s: something is known of %d of %d indicators", o.enrichers[i].name, a.Known, questions.Len()))
		}
	}
	questions.Fill(trees)
}

// ask waits until the plugin has started. Without anything to ask it is not needed,
// but whether it is sound is worth knowing.
func (e *enricher) ask(q *enrich.Questions) enrich.Answers {
	<-e.opened
	defer e.close()
	if e.err != nil {
		return enrich.Answers{Unasked: q.Len(), Err: e.err}
	}
	return q.Ask(context.Background(), e.plugin, broken)
}

// broken reports whether the error of a call ended the plugin.
func broken(err error) bool {
	for _, cause := range []error{host.ErrTimeout, host.ErrCrash, host.ErrAnswer, host.ErrFlood} {
		if errors.Is(err, cause) {
			return true
		}
	}
	return false
}

// close ends the plugin, once. One that still starts sees for itself that it is not
// wanted any more: its start may take half a minute, and a search that was cancelled
// has to end.
func (e *enricher) close() {
	select {
	case <-e.opened:
		e.once.Do(func() {
			if e.err == nil {
				_ = e.plugin.Close()
			}
		})
	default:
	}
}
