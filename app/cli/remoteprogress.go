//go:build !noremote

package cli

import (
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/schtaskhunt/schtaskhunt/app/cloud"
)

// remoteProgress is a bar on the terminal: first how far the search is, then how many
// of its events have come. Without a terminal on Err there is its heartbeat only.
type remoteProgress struct {
	bar  *progressbar.ProgressBar
	beat *heartbeat
}

// percent is the whole of a search.
const percent = 100

func newRemoteProgress(quiet bool, s Streams, beat *heartbeat) remoteProgress {
	if quiet || !beat.terminal {
		return remoteProgress{beat: beat}
	}
	return remoteProgress{beat: beat, bar: progressbar.NewOptions64(percent,
		progressbar.OptionSetWriter(s.Err), progressbar.OptionSetDescription("searching"),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true),
		progressbar.OptionShowCount(), progressbar.OptionSetWidth(30))}
}

// searching is told how far the search is.
func (p remoteProgress) searching(s cloud.Status) {
	p.beat.doing("searching, %d %% done", int(s.Progress*percent))
	if p.bar != nil && s.Progress < 1 { // at the end the bar would be gone
		_ = p.bar.Set(int(s.Progress * percent)) // a display that fails must not end the hunt
	}
}

// fetching begins with the events, of which total will come, or unknownSize.
func (p remoteProgress) fetching(total int) {
	p.beat.fetching(total)
	if p.bar != nil {
		p.bar.Reset()
		p.bar.Describe("fetching events")
		p.bar.ChangeMax(total)
	}
}

// add is told of events that came, or of how many will come again.
func (p remoteProgress) add(events int) {
	p.beat.add(events)
	switch {
	case p.bar == nil:
	case events < 0: // only a stream, whose length is unknown, starts over
		p.fetching(unknownSize)
	default:
		_ = p.bar.Add(events)
	}
}

// clear takes the bar off the terminal, before anything else is written to it.
func (p remoteProgress) clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
