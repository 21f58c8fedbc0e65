package hunt

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/account"
	"github.com/schtaskhunt/schtaskhunt/app/command"
)

// hits counts for every entry of the allow-lists what it hid: trees, or rows of
// connections.
type hits struct {
	command, path, dest, allow []int
}

func newHits(o command.Options) hits {
	return hits{
		command: make([]int, o.AllowCommand.Len()), path: make([]int, o.AllowPath.Len()), dest: make([]int, o.AllowDest.Len()),
		allow: make([]int, o.Allow.Len()),
	}
}

// entries is an allow-list whose entries can be told.
type entries interface {
	Entry(i int) string
}

// sayAllowed tells of every allow-list what its entries hid and which hid nothing: an
// entry that hides more than was meant shows here, and so does one to be thrown out.
func (h *Hunt) sayAllowed(m *account.Messages) {
	o := &h.options
	for _, list := range []struct {
		name, what string
		entries    entries
		counts     []int
	}{
		{"allow_command", "tree", o.AllowCommand, h.hits.command},
		{"allow_path", "tree", o.AllowPath, h.hits.path},
		{"allow_dest", "connection row", o.AllowDest, h.hits.dest},
		{"allow", "tree", o.Allow, h.hits.allow},
	} {
		if len(list.counts) > 0 {
			m.Say(account.Info, "%s", hitText(list.name, list.what, list.entries, list.counts))
		}
	}
}

// hitText is one line about a list, the entries that hid most first.
func hitText(name, what string, list entries, counts []int) string {
	order := make([]int, len(counts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	var hid, idle []string
	for _, i := range order {
		if entry := `"` + shortened(list.Entry(i)) + `"`; counts[i] > 0 {
			hid = append(hid, entry+" "+account.Plural(counts[i], what))
		} else {
			idle = append(idle, entry)
		}
	}
	text := fmt.Sprintf("%s: %d of %d entries hid something", name, len(hid), len(counts))
	if len(hid) > 0 {
		text += ": " + listed(hid)
	}
	if len(idle) > 0 {
		text += "; hid nothing: " + listed(idle)
	}
	return text
}

// listedMost is how many entries a message names; a list may have thousands.
const listedMost = 20

func listed(words []string) string {
	if more := len(words) - listedMost; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(words[:listedMost], ", "), more)
	}
	return strings.Join(words, ", ")
}

// shownRunes is enough to recognise an entry by in a message of one line.
const shownRunes = 80

func shortened(entry string) string {
	if runes := []rune(entry); len(runes) > shownRunes {
		return string(runes[:shownRunes]) + "..."
	}
	return entry
}

// sayPlugins tells what the plugins said, and what is unknown because of them.
func (h *Hunt) sayPlugins(m *account.Messages) {
	said, warnings := h.plugins.Messages()
	m.SayAll(account.Info, said)
	m.SayAll(account.Warn, warnings)
}
