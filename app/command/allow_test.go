package command

import (
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// What is proposed for are findings, and what is read are files: anything else is an error
// that says so.
func TestProposeAndAllow(t *testing.T) {
	for tokens, part := range map[string]string{
		"propose=x":                               "16 hexadecimal digits",
		"propose=0123456789abcdeg":                "is not the id of a finding",
		"propose=0123456789abcdef output=trees":   "leave one of the two out",
		"propose=0123456789abcdef top=3":          "top",
		"propose=0123456789abcdef shard=1/2":      "shard",
		"propose=0123456789abcdef rarity=command": "needs rarity=template",
		"allow=a.csv rarity=command":              "needs rarity=template",
		`allow=C:\x\*`:                            "is not the name of a lookup file",
		"allow=../a.csv":                          "not a bare file name",
		"propose=0123456789abcdef expires=all":    "366d",
		"propose=0123456789abcdef expires=1h":     "from 1d",
		"propose=0123456789abcdef expires=2y":     "not a span",
		"propose=0123456789abcdef mode=kql":       "mode",
		"propose=0123456789abcdef,01234567":       "01234567",
	} {
		_, err := Parse(strings.Fields(tokens))
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v, want %q in it", tokens, err, part)
		}
	}
	o := mustParse(t, "propose=0123456789ABCDEF,fedcba9876543210,0123456789abcdef", "expires=2w", "allow=a.csv")
	if len(o.Propose) != 2 || o.Output != OutputProposals || o.Expires != Span(14*event.Day) || !o.NeedsLookups() {
		t.Errorf("%q, %s, %d, needs lookups: %t", o.Propose, o.Output, o.Expires, o.NeedsLookups())
	}
	if _, err := o.LoadLookups(opener(map[string]string{"a.csv": "command\nx\n"})); err == nil || !strings.Contains(err.Error(), `option "allow": reading lookup file "a.csv"`) {
		t.Errorf("a list of another kind: %v", err)
	}
}
