package plugins_test

import (
	"regexp"
	"slices"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
)

// pluginFault is a kind of hostile plugin: what it does, and before which wait it ends.
type pluginFault struct {
	kind, what string
	program    string                                      // how it shakes hands, if not well
	do         string                                      // what it does behind that
	conf       string                                      // further lines of its stanza
	waits      time.Duration                               // with the default timeouts
	more       func(truth []worlds.Fields) []worlds.Fields // the events that only a mapper reads, if not three odd ones
}

var (
	countOf = regexp.MustCompile(`\d+ count as malformed, \d+ as other`)
	lossOf  = regexp.MustCompile(`malformed counts \d+ events`)
)

// Timeouts of those that are to run into one. The others have the default ones.
const (
	lateStart = "start_timeout = 1s\n"
	lateBatch = "timeout = 700ms\n"
	lateTotal = "total_timeout = 700ms\n"
	// farewell is how long a plugin has to end at the end of its standard input.
	farewell = 2 * time.Second
)

var pluginFaults = []pluginFault{
	{kind: "enricher", what: "ends at once, with status 0", program: "exit"},
	{kind: "enricher", what: "crashes at once", program: "crash"},
	{kind: "enricher", what: "is killed by a signal at once", program: "killed"},
	{kind: "enricher", what: "says nothing at its start", program: "hang", conf: lateStart, waits: host.DefaultStartTimeout},
	{kind: "enricher", what: "closes its standard output", program: "closed"},
	{kind: "enricher", what: "prints a web page in place of its handshake", program: "page"},
	{kind: "enricher", what: "speaks another version", program: "version"},
	{kind: "enricher", what: "wants to be reached elsewhere", program: "tcp"},
	{kind: "enricher", what: "crashes on its settings", do: "crash in start"},
	{kind: "enricher", what: "hangs on its settings", do: "hang in start", conf: lateStart, waits: host.DefaultStartTimeout},
	{kind: "enricher", what: "refuses its settings", do: "fail in start"},
	{kind: "enricher", what: "floods its standard output", do: "flood in start", conf: "start_timeout = 1m\n"},
	{kind: "enricher", what: "crashes in a call", do: "crash in enrich"},
	{kind: "enricher", what: "ends in a call, with status 0", do: "exit in enrich"},
	{kind: "enricher", what: "is killed by a signal in a call", do: "killed in enrich"},
	{kind: "enricher", what: "hangs in a call", do: "hang in enrich", conf: lateBatch, waits: host.DefaultTimeout},
	{kind: "enricher", what: "fails in a call", do: "fail in enrich"},
	{kind: "enricher", what: "floods its standard error in a call", do: "flood errors in enrich", conf: "timeout = 1m\n"},
	{kind: "enricher", what: "gives a score that is no number", do: "lie with a number"},
	{kind: "enricher", what: "gives a score of 1,000", do: "lie with a score"},
	{kind: "enricher", what: "gives one verdict too few", do: "lie by leaving out"},
	{kind: "enricher", what: "gives a million empty verdicts", do: "lie with a million"},
	{kind: "enricher", what: "gives a text of 80 MB", do: "lie with a huge text", conf: "timeout = 1m\n"},
	{kind: "enricher", what: "gives a label of 257 bytes", do: "lie with a long text"},
	{kind: "enricher", what: "gives a source that is no UTF-8", do: "lie with bytes"},
	{kind: "enricher", what: "gives a time to live below 0", do: "lie with a time"},
	{kind: "enricher", what: "leaves a process in a session of its own", do: "leave a child"},
	{kind: "enricher", what: "does not end when it is told to", program: "stubborn", waits: farewell},
	{kind: "mapper", what: "says nothing at its start", program: "hang", conf: lateStart, waits: host.DefaultStartTimeout},
	{kind: "mapper", what: "crashes when its mapping is asked for", do: "crash in mapping"},
	{kind: "mapper", what: "hangs when its mapping is asked for", do: "hang in mapping", conf: lateBatch, waits: host.DefaultTimeout},
	{kind: "mapper", what: "maps to a field that there is not", do: "lie in mapping"},
	{kind: "mapper", what: "maps to a kind of event that there is not", do: "lie about a kind"},
	{kind: "mapper", what: "gives a mapping of 100 MB", do: "lie with a huge mapping", conf: "start_timeout = 1m\n"},
	{kind: "mapper", what: "crashes on rows", do: "crash in rows"},
	{kind: "mapper", what: "hangs on rows", do: "hang in rows", conf: lateBatch, waits: host.DefaultTimeout},
	{kind: "mapper", what: "is slow on rows, within its timeout each time", do: "slow in rows", conf: lateTotal, waits: host.DefaultTotalTimeout, more: manyOdd},
	{kind: "mapper", what: "fails on rows", do: "fail in rows"},
	{kind: "mapper", what: "gives one row too few", do: "lie with fewer rows"},
	{kind: "mapper", what: "gives rows in which nothing is", do: "lie with empty rows"},
	{kind: "mapper", what: "gives rows with fields that there are not", do: "lie with unknown fields"},
	{kind: "mapper", what: "gives a value of more than 1 MB", do: "lie with a long value"},
	{kind: "mapper", what: "gives rows of 300 MB", do: "lie with huge rows", conf: "timeout = 1m\n"},
	{kind: "mapper", what: "gives times and process ids that are none", do: "lie with times"},
	{kind: "mapper", what: "tells of other readers' processes, and otherwise", do: "lie about ids", more: aboutIDs},
}

// manyOdd are odd events for many calls.
func manyOdd([]worlds.Fields) []worlds.Fields {
	return slices.Repeat([]worlds.Fields{{"odd": "1"}}, 12_000)
}

func aboutIDs(truth []worlds.Fields) (events []worlds.Fields) {
	for _, f := range truth {
		if f["EventID"] == 1 {
			events = append(events, lies["another parent"](told(f))...)
		}
	}
	return events
}
