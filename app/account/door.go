package account

import "strings"

// Door is where events come in. What a message says to do depends on it.
type Door uint8

// The doors.
const (
	Search Door = iota // a search in Splunk, which sends its results
	Files              // files that are named on a command line
	Remote             // a search that is run on a Splunk elsewhere
)

// Supply says what must bring the events: the beginning of a sentence on what is needed.
func (d Door) Supply() string {
	switch d {
	case Files:
		return "the files must hold"
	case Remote:
		return "--search must return"
	}
	return "the search must return"
}

// Fields says in which form it must bring them.
func (d Door) Fields() string {
	if d == Files {
		return "with the parent's command line"
	}
	return "with their fields or _raw"
}

// Option writes an option as it is given there.
func (d Door) Option(name, value string) string {
	if d == Search {
		return name + "=" + value
	}
	return "--" + strings.ReplaceAll(name, "_", "-") + " " + value
}

// Cut says that events end early.
func (d Door) Cut(n int) string {
	if d == Files {
		return Events(n) + " ended too early and may lack fields; export them again without a limit on their length"
	}
	return Events(n) + " ended too early and may lack fields; raise TRUNCATE in props.conf for their sourcetype"
}
