package schema

import "github.com/schtaskhunt/schtaskhunt/app/event"

// What makes a field needless: see Rule.Unless.
const (
	// identified: the event bears the id of its process and its own number in the log.
	// Then it is tied by the one and recognised when it is sent again by the other; what
	// else it says of the process, the process's own start says too.
	identified = "identified"
	// outbound: the local side opened the connection, so that its own name is known.
	outbound = "outbound"
	// commanded, parentCommanded, answered, owned, domained: a better field has told it.
	commanded       = "commanded"
	parentCommanded = "parent_commanded"
	answered        = "answered"
	owned           = "owned"
	domained        = "domained"
	// sessionless: nobody asked for the sessions that processes run in.
	sessionless = "sessionless"
)

var needlessWhen = map[string]func(*draft) bool{
	"":              nil,
	identified:      func(d *draft) bool { return isIdentified(d.self.ID, d.source.Record) && !d.self.Unique },
	commanded:       func(d *draft) bool { return d.self.Command != event.NoSym },
	parentCommanded: func(d *draft) bool { return d.parent.Command != event.NoSym },
	owned:           func(d *draft) bool { return d.user != event.NoSym },
	domained:        func(d *draft) bool { return d.domain != event.NoSym },
	answered:        func(d *draft) bool { return d.answers != event.NoSym },
	sessionless:     func(d *draft) bool { return !d.sessions },
	outbound:        func(d *draft) bool { return d.initiated == yes },
}

// isIdentified holds for the id of a process, unless it is a Unique one, and a record
// number: such an id alone decides which process is meant (see identity.Roster.Find).
func isIdentified(id event.ID, record uint64) bool { return !id.IsZero() && record != 0 }
