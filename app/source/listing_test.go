package source

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// listed is an event as wevtutil lists it, with a number, and lines in its message.
func listed(number int, id, colon, lines string) string {
	return fmt.Sprintf("Event[%d]%s\n  Log Name: x/Operational\n  Source: x\n  Date: 2026-11-20T09:00:01.250\n  Event ID: %s\n  Computer: c.example\n  Description: \n%s\n\n",
		number, colon, id, lines)
}

func TestListingsOfWevtutil(t *testing.T) {
	for _, colon := range []string{":", ""} {
		text := listed(0, "1", colon, "Process Create:\nImage: a") + listed(1, "2", colon, "") + listed(2, "3", colon, "Message: b")
		for name, text := range map[string]string{"LF": text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n")} {
			for _, size := range []int{1 << 20, 64, 7} {
				if ids, bad := idsIn(t, text, size); bad > 0 || !reflect.DeepEqual(ids, []string{"1", "2", "3"}) {
					t.Errorf("%s in pieces of %d: ids %q, %d bad", name, size, ids, bad)
				}
			}
		}
	}
}

// What a command line says does not part the event it stands in, unless it knows the number
// of the next one; two listings in one file are both read.
func TestAHeaderInAListedEvent(t *testing.T) {
	forged := listed(7, "9", ":", "CommandLine: x")
	text := listed(0, "1", ":", "CommandLine: a\n"+forged+"User: b") + listed(1, "2", ":", "") + listed(0, "3", ":", "")
	if ids, _ := idsIn(t, text, 1<<20); !reflect.DeepEqual(ids, []string{"1", "2", "3"}) {
		t.Errorf("ids %q", ids)
	}
}

// A text that only begins so is no listing.
func TestWhatIsNoListing(t *testing.T) {
	for _, text := range []string{"Event[0]", "Event[x]:\n  Log Name: a\n", "Event[0]:\n  Source: a\n" + strings.Repeat("b", 40), "Event[-1]:\n  Log Name: a\n"} {
		if _, v := listingHeader([]byte(text + strings.Repeat(" ", longestListing))); v != no {
			t.Errorf("%q: %v", text, v)
		}
	}
}
