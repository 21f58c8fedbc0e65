package cloud

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// leastPart is how long a leading part of a secret is that is hidden, too: servers show
// beginnings of what they refuse.
const leastPart = 8

// Redact takes the secrets out of a text that another machine had a part in: servers
// repeat in their answers what they were sent, plain or as a URL, JSON, HTML, base64 or
// hex has it, in any letter case, whole or the beginning of it.
func Redact(text string, secrets ...Secret) string {
	for _, s := range secrets {
		if s.IsZero() {
			continue
		}
		for _, form := range s.forms() {
			text = form.ReplaceAllLiteralString(text, hidden)
		}
	}
	return text
}

// compiled are the forms of secrets, by their text: there are a handful in a run.
var compiled sync.Map

// forms match the ways in which a secret may be written. The longer ones come before
// what they contain.
func (s Secret) forms() []*regexp.Regexp {
	plain := s.Reveal()
	if known, found := compiled.Load(plain); found {
		return known.([]*regexp.Regexp)
	}
	forms := []*regexp.Regexp{spelled(plain)}
	for _, coded := range encodings(plain) {
		forms = append(forms, beginning(coded))
	}
	compiled.Store(plain, forms)
	return forms
}

// spelled matches a secret of which each letter may be written as it is, percent-encoded,
// escaped as JSON and HTML do, and in either case; or its beginning.
func spelled(plain string) *regexp.Regexp {
	units := make([]string, 0, len(plain))
	for _, r := range plain {
		units = append(units, unit(r))
	}
	return nested(units)
}

// unit matches one character in all its spellings.
func unit(r rune) string {
	c := string(r)
	forms := []string{c, url.QueryEscape(c), html.EscapeString(c), inJSON(c), fmt.Sprintf("&#%d;", r), fmt.Sprintf("&#x%x;", r)}
	var percent, doubled strings.Builder
	for _, b := range []byte(c) {
		fmt.Fprintf(&percent, "%%%02x", b)
		fmt.Fprintf(&doubled, "%%25%02x", b)
	}
	forms = append(forms, percent.String(), doubled.String())
	if r < 0x10000 {
		forms = append(forms, fmt.Sprintf(`\u%04x`, r))
	}
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	forms = slices.Compact(forms)
	for i := range forms {
		forms[i] = regexp.QuoteMeta(forms[i])
	}
	return "(?:" + strings.Join(forms, "|") + ")"
}

func inJSON(text string) string {
	quoted, _ := json.Marshal(text) // a string always can be
	return string(quoted[1 : len(quoted)-1])
}

// mostPrefix is how many characters of a secret are matched one by one. Tokens are
// longer; what is behind these is taken for what tokens are made of.
const mostPrefix = 64

// nested matches at least the first leastPart units, or all there are, and then as many
// as follow.
func nested(units []string) *regexp.Regexp {
	least := min(leastPart, len(units))
	var b strings.Builder
	b.WriteString("(?i)" + strings.Join(units[:least], ""))
	rest := units[least:min(len(units), mostPrefix)]
	for _, u := range rest {
		b.WriteString("(?:" + u)
	}
	if len(units) > mostPrefix {
		b.WriteString(`(?:[A-Za-z0-9._~+/=%-]|\\u[0-9a-f]{4}|&#x?[0-9a-f]+;)*`)
	}
	b.WriteString(strings.Repeat(")?", len(rest)))
	return regexp.MustCompile(b.String())
}

// encodings are the secret in base64, of which the first letters depend on what stands
// before it, and in hex.
func encodings(plain string) (coded []string) {
	for shift := range 3 {
		text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + plain))
		text = strings.TrimRight(text, "=")
		// What is mixed with neighbours differs: the first letters, and the last.
		if from := (shift*8 + 5) / 6; len(text) > from+leastPart {
			text = text[from : len(text)-1]
			coded = append(coded, text, strings.NewReplacer("+", "-", "/", "_").Replace(text))
		}
	}
	return append(coded, hex.EncodeToString([]byte(plain)))
}

// beginning matches a text, or its beginning from 2*leastPart letters on.
func beginning(text string) *regexp.Regexp {
	var units []string
	for len(text) > 0 {
		_, n := utf8.DecodeRuneInString(text)
		if len(units) == 0 {
			n = min(len(text), 2*leastPart-leastPart+1) // one unit, so that the least is twice as long
		}
		units = append(units, regexp.QuoteMeta(text[:n]))
		text = text[n:]
	}
	return nested(units)
}
