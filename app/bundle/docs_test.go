package bundle_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
)

// TestSearchesOfTheDocs: every search and every option that the docs show is one that
// the app has and the program takes.
func TestSearchesOfTheDocs(t *testing.T) {
	search := regexp.MustCompile("(?m)^ {4,}(`schtaskhunt_.*)$")
	option := regexp.MustCompile("[| ]`((?:allow_|root=|max_|recent=|rebuilt=|internal=)[^`]*=[^`]*|[a-z]+=[^`]*)`")
	searches, options := 0, 0
	for _, name := range []string{"admin.md", "hunter.md", "scale.md"} {
		body, err := os.ReadFile(filepath.Join(repository, "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range search.FindAllStringSubmatch(string(body), -1) {
			searches++
			spl := expand(t, macros(t), m[1])
			checkSearch(t, name, spl)
			checkOptions(t, name, clause(t, spl))
		}
		for _, m := range option.FindAllStringSubmatch(string(body), -1) {
			word, _, _ := strings.Cut(m[1], "=")
			if _, known := byName(word); known {
				options++
				checkOptions(t, name, m[1])
			}
		}
	}
	if searches < 3 || options < 5 {
		t.Errorf("only %d searches and %d options were found", searches, options)
	}
}

// TestAdminHasTheAlertsNumbers: docs/admin.md says from where on the alert tells, by how much a
// score has to rise, and the curve of the risk, in the macros' own numbers.
func TestAdminHasTheAlertsNumbers(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(repository, "docs", "admin.md"))
	if err != nil {
		t.Fatal(err)
	}
	number := func(macro string) string { return strings.TrimSpace(expand(t, macros(t), "`"+macro+"`")) }
	for _, want := range []string{
		"`schtaskhunt_alert_score` bits (" + number("schtaskhunt_alert_score") + ")",
		"`schtaskhunt_alert_step` bits (" + number("schtaskhunt_alert_step") + ")",
		"100 × (1 − 2^(−bits ÷ " + number("schtaskhunt_alert_score") + "))",
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("docs/admin.md does not have %q", want)
		}
	}
}

func byName(name string) (command.Option, bool) {
	for _, opt := range command.Table() {
		if opt.Name == name {
			return opt, true
		}
	}
	return command.Option{}, false
}

func checkOptions(t *testing.T, where, arguments string) {
	t.Helper()
	args, _, err := standin.Tokenize(arguments)
	if err != nil {
		t.Errorf("%s: %s: %v", where, arguments, err)
		return
	}
	if _, err := command.Parse(args); err != nil {
		t.Errorf("%s: %s: %v", where, arguments, err)
	}
}
