package plugin

import "context"

// Mapper describes a vendor's events as data, which the program applies itself.
type Mapper interface {
	// Mapping is called once. It must give the same answer every time.
	Mapping(ctx context.Context) (Mapping, error)
}

// RowMapper is a Mapper some of whose tables data cannot express.
type RowMapper interface {
	Mapper
	// MapRows reads events of the table with this name, one that has ByPlugin. It
	// returns one Row for each of rows, in order; a nil Row says that there is no event
	// in it. What comes out must depend on the row alone, not on the batch it came in.
	// Batches are of 1,000 rows or more, but for the last. rows are the plugin's to
	// keep and to change.
	MapRows(ctx context.Context, table string, rows []Row) ([]Row, error)
}

// Row is an event: going in, the vendor's fields by name; coming out, the canonical
// fields, in the notation that the transform of the field's own name takes.
type Row map[string]string

// Mapping is a vendor's schema.
type Mapping struct {
	// Unknown is what the events write for "no value", such as "-"; empty when there is
	// no such word.
	Unknown string
	// Gate recognises the vendor's events: it opens when every condition of any one of
	// its lists holds.
	Gate [][]Condition
	// Tables are the kinds of events, of which the first that matches is taken.
	Tables []Table
}

// Condition looks at the first of Fields that the event has.
type Condition struct {
	Fields []string
	// Test is one of the Test constants.
	Test string
	// Values are what TestIs and TestHas compare with, in lower case; the event's case
	// does not matter.
	Values []string
}

// The tests of a Condition.
const (
	TestPresent = "present" // the event has the field, with a value
	TestAbsent  = "absent"  // it has not
	TestIs      = "is"      // the value is one of Values
	TestHas     = "has"     // the value contains one of Values
)

// Table describes one kind of event.
type Table struct {
	// Name is unique within the mapping; messages and MapRows use it.
	Name string
	Kind Kind
	// When are the conditions that all must hold.
	When  []Condition
	Rules []Rule
	// ByPlugin sends the events to MapRows. Rules then only name the fields that its rows
	// have, by From and Else, besides those of the conditions: Splunk is asked for no
	// others. To and Via do not matter.
	ByPlugin bool
}

// Kind is what an event of a table tells of.
type Kind string

// The kinds of events.
const (
	ProcessStart      Kind = "process_start"
	ProcessEnd        Kind = "process_end"
	NetworkConnection Kind = "network_connection"
	NameLookup        Kind = "name_lookup"
)

// Rule says where a canonical field comes from.
type Rule struct {
	// To is the canonical field, such as process_command or remote_ip.
	To string
	// From are the vendor's fields that may hold it, best first: the first is taken
	// whose value passes the transform. Else are stand-ins, tried after them.
	From, Else []string
	// Via names the transform; empty means the one that bears the field's own name.
	Via string
	// Optional says that many events of this kind do not have the field.
	Optional bool
}
