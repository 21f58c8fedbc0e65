// Package cloud searches a Splunk over the network and writes findings back to it,
// for hunting where the app cannot be installed. It speaks two APIs behind one
// interface: the REST API of splunkd (Splunk Enterprise and Splunk Cloud Platform) and
// Splunk Cloud Services through Splunk's own SDK. One http.RoundTripper serves both:
// TLS, secrets, retries and deadlines are decided there and nowhere else.
package cloud

import (
	"context"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// Search is what to ask for.
type Search struct {
	Text     string // as a user types it, the leading search command optional
	Earliest string // Splunk's time modifiers: -7d, an epoch, ISO 8601
	Latest   string
	// Fields are the only ones to send; nil sends the search as it is.
	Fields []string
	// Max is how many results the server should keep.
	Max int
}

// Remote is a Splunk that runs searches.
type Remote interface {
	// Start starts a search. The caller must Cancel the job when done with it, whatever
	// became of it.
	Start(ctx context.Context, s Search) (Job, error)
}

// Job is a search on the server.
type Job interface {
	// ID is the search id, for messages.
	ID() string
	// Status asks how far the search is.
	Status(ctx context.Context) (Status, error)
	// Page returns at most count results from offset on. Those of a job that is done
	// stay the same, so that a page can be asked for again. Servers may return fewer than
	// asked; none means that there are no more. The page is valid until the next call.
	Page(ctx context.Context, offset, count int) (Page, error)
	// Cancel stops the search and lets the server drop its results.
	Cancel(ctx context.Context) error
}

// Page is a part of the results that has come whole, as CSV with a header.
type Page struct {
	CSV  []byte
	Rows int
	// Malformed are rows that count and are not in CSV, since they are too long.
	Malformed int
	// Cut says that there was more than is taken at once: fewer rows are to be asked for.
	Cut bool
}

// Status is how far a search is.
type Status struct {
	Done     bool
	Failed   bool
	State    string     // the server's word for it
	Progress float64    // 0 to 1
	Results  int        // results kept, -1 where the server does not tell
	Events   int        // events matched, -1 where the server does not tell
	Limit    int        // results the server was asked to keep at most, 0 for no limit
	Latest   event.Time // the search's latest time, event.NoTime where it is not told
	// Partial says why a search that is done has not seen everything, "" if it has.
	Partial  string
	Messages []Message
}

// Message is a sentence of the server's about a search. Level is Splunk's: DEBUG,
// INFO, WARN, ERROR or FATAL.
type Message struct{ Level, Text string }

// Receiver takes the events of a search.
type Receiver interface {
	// Begin is called before the first event, and again when all events will be sent
	// once more: what was taken until then is to be forgotten. latest is the search's
	// latest time or event.NoTime. The record returned is filled for each event.
	Begin(latest event.Time) (*record.Record, error)
	// Take takes the event in the record, whose values are valid until it returns.
	Take()
	// Malformed counts an event that could not be split into fields.
	Malformed()
}

// LongReceiver is a Receiver that is told which of the malformed events were results of more
// bytes than are taken.
type LongReceiver interface {
	Receiver
	TooLong(bytes int)
}

func tooLong(r Receiver, most int) {
	r.Malformed()
	if long, asks := r.(LongReceiver); asks {
		long.TooLong(most)
	}
}
