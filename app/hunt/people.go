package hunt

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/principal"
)

// anybody replaces the names of the device's own people from start on: where they are a
// whole argument or the value of a switch, and, of a name that is no plain word, wherever
// else they stand alone.
func (n *namer) anybody(dst []byte, start int) []byte {
	for at := start; at < len(dst); {
		end := at
		for end < len(dst) && !endsArgument(dst[end]) {
			end++
		}
		if at > start && n.people[string(dst[at:end])] {
			dst = replaced(dst, at, end)
			end = at + len(anyUser)
		}
		at = end + 1
	}
	for _, name := range n.odd {
		for at := start + 1; at < len(dst); {
			found := bytes.Index(dst[at:], name)
			if found < 0 {
				break
			}
			if at += found; standsAlone(dst, at, at+len(name)) {
				dst = replaced(dst, at, at+len(name))
			}
			at++
		}
	}
	return dst
}

func endsArgument(c byte) bool { return c == ' ' || c == '=' || c == ':' || c == ',' }

// anyUser is what stands for a person.
const anyUser = "<user>"

func replaced(dst []byte, from, to int) []byte {
	rest := append([]byte(anyUser), dst[to:]...)
	return append(dst[:from], rest...)
}

// standsAlone reports whether neither a letter nor a digit is beside a part of a text, and no
// dot: what a program's or a domain's name begins with is no account.
func standsAlone(text []byte, from, to int) bool {
	isPart := func(c byte) bool {
		return c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 0x80
	}
	return !isPart(text[from-1]) && (to == len(text) || !isPart(text[to]))
}

// oddOnes are the names of people that are no plain words, the longest first: of the others
// many a one is a word of some command.
func oddOnes(people map[string]bool) (odd [][]byte) {
	for name := range people {
		if len(name) >= leastOdd && strings.ContainsAny(name, "0123456789._-") && strings.Trim(name, "0123456789") != "" {
			odd = append(odd, []byte(name))
		}
	}
	slices.SortFunc(odd, func(a, b []byte) int { return cmp.Or(len(b)-len(a), bytes.Compare(a, b)) })
	return odd
}

// leastOdd is how long the name of a person has to be to be looked for within arguments.
const leastOdd = 5

// people are the accounts that are a person's, whatever else is called so.
func (g *part) people() map[string]bool {
	people := make(map[string]bool)
	var last event.Sym
	symbols := g.roster.Symbols()
	for _, i := range g.forest.Order {
		user := g.roster.Actors[i].User
		if user == event.NoSym || user == last || g.isApart(g.roster.Actors[i].Device) {
			continue
		}
		last = user
		name := symbols.String(symbols.Fold(user))
		account := name[strings.LastIndexByte(name, '\\')+1:]
		if len(account) > 2 && everywhere(name, g.deviceName()) == anyUser && everywhere(account, "") == anyUser {
			people[account] = true
		}
	}
	return people
}

// everywhere is what an account is called on all devices: one of the system's own by its
// English name in lower case, in whichever language its machine speaks, a person <user>.
// Which of them the machine's own account stands for cannot be told: that is "".
func everywhere(name, device string) string {
	switch account := principal.Of(name, device); account {
	case principal.System, principal.LocalService, principal.NetworkService:
		return strings.ToLower(account)
	case principal.Machine:
		return ""
	}
	switch account := strings.ToLower(name[strings.LastIndexByte(name, '\\')+1:]); account {
	case "administrator", "guest":
		return account
	}
	return anyUser
}

// User implements rarity.Namer: accounts of the system mean the same everywhere, people do
// not, and of the machine's nothing is said.
func (n *namer) User(dst, name []byte) []byte {
	account, known := n.accounts[string(name)]
	if !known {
		account = everywhere(string(name), n.named)
		n.accounts[string(name)] = account
	}
	return append(dst, account...)
}
