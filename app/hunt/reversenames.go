package hunt

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/rarity/destination"
)

// isReverse reports whether the name of a connection has no say in whom a tree called. Sensors
// ask for the name of an address (Sysmon 3 does), and whoever owns it names it as he likes: so
// what the task looked up itself counts instead; and a name that numbers the address, as
// content networks and hosters give them, is no more than the address, where lookups are
// logged that tell what that is. Without any it is better than nothing.
func (n *namer) isReverse(root int32, host event.Sym, c *event.Connection) bool {
	if !n.lookups || c.Lookup || c.URL != event.NoSym || c.Remote.IsZero() {
		return false
	}
	address := c.Remote.Addr()
	if _, how := n.book.names.Of(n.task(root), address, int64(c.Time)); how == destination.Own {
		return true
	}
	return isNumbered(n.symbols.String(host), address)
}

// isNumbered reports whether a name holds the last two numbers of an address of version 4, as
// a93-184-216-34.example and ec2-34-216.example do, in either order.
func isNumbered(name string, address netip.Addr) bool {
	if address = address.Unmap(); !address.Is4() {
		return false
	}
	of := address.As4()
	want := [...]string{strconv.Itoa(int(of[2])), strconv.Itoa(int(of[3]))}
	numbers := strings.FieldsFunc(name, func(r rune) bool { return r < '0' || r > '9' })
	for i := 1; i < len(numbers); i++ {
		one, other := numbers[i-1], numbers[i]
		if one == want[0] && other == want[1] || one == want[1] && other == want[0] {
			return true
		}
	}
	return false
}
