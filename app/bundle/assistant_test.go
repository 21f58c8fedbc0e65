package bundle_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
)

// documented reads the options of searchbnf.conf: name to default.
func documented(t *testing.T) (inSyntax, inText map[string]string) {
	t.Helper()
	list := conf(t, files(t, withoutPrograms(false)), "default/searchbnf.conf")
	inSyntax, inText = map[string]string{}, map[string]string{}
	for alternative := range strings.SplitSeq(find(t, list, "schtaskhunt-options").values["syntax"], ") | (") {
		name, value, found := strings.Cut(strings.Trim(alternative, "()"), "=")
		if !found {
			t.Errorf("%q is no option", alternative)
		}
		inSyntax[name] = value
	}
	line := regexp.MustCompile(`(?m)^([a-z_]+)=\S+?(?: \(default ([^)]*)\))?: .`)
	for _, m := range line.FindAllStringSubmatch(find(t, list, "schtaskhunt-command").values["description"], -1) {
		inText[m[1]] = m[2]
	}
	return inSyntax, inText
}

// takes asks the program whether it takes an option, in a mode that has it.
func takes(name, value string) error {
	args := []string{name + "=" + value}
	for _, opt := range command.Table() {
		if opt.Name == name && opt.Only != "" {
			args = append(args, "mode="+string(opt.Only))
		}
	}
	_, err := command.Parse(args)
	return err
}

// TestAssistantKnowsTheProgramsOptions: the same options, the same defaults, both ways.
func TestAssistantKnowsTheProgramsOptions(t *testing.T) {
	inSyntax, inText := documented(t)
	options := 0
	for _, opt := range command.Table() {
		if opt.Hidden {
			continue
		}
		options++
		if _, there := inSyntax[opt.Name]; !there {
			t.Errorf("the syntax lacks %s", opt.Name)
		}
		if value, there := inText[opt.Name]; !there || value != opt.Default {
			t.Errorf("%s is described with default %q, the program has %q", opt.Name, value, opt.Default)
		}
	}
	if len(inSyntax) != options || len(inText) != options {
		t.Errorf("%d options in the syntax, %d described, %d in the program", len(inSyntax), len(inText), options)
	}
	for name, value := range inText {
		if value == "" {
			continue
		}
		if err := takes(name, value); err != nil {
			t.Errorf("the program refuses %s=%s: %v", name, value, err)
		}
	}
}

// TestAssistantsValuesAreTaken: what the syntax lists as a value is one.
func TestAssistantsValuesAreTaken(t *testing.T) {
	inSyntax, _ := documented(t)
	for name, value := range inSyntax {
		for _, v := range strings.Split(strings.Trim(value, "()"), "|") {
			if strings.HasPrefix(v, "<") {
				continue
			}
			if err := takes(name, v); err != nil {
				t.Errorf("the program refuses %s=%s: %v", name, v, err)
			}
		}
	}
}

// clause returns the arguments of the search command in an expanded search.
func clause(t *testing.T, spl string) string {
	t.Helper()
	for _, segment := range segments(t, spl) {
		if word, arguments, _ := strings.Cut(segment, " "); word == bundle.App {
			return arguments
		}
	}
	t.Fatalf("no | %s in %q", bundle.App, spl)
	return ""
}

// TestAssistantsExamples: three, each with a comment, of commands that the program takes.
func TestAssistantsExamples(t *testing.T) {
	s := find(t, conf(t, files(t, withoutPrograms(false)), "default/searchbnf.conf"), "schtaskhunt-command")
	for _, n := range []string{"1", "2", "3"} {
		example := s.values["example"+n]
		if example == "" || s.values["comment"+n] == "" {
			t.Errorf("example %s lacks its text or comment", n)
			continue
		}
		spl := expand(t, macros(t), example)
		checkSearch(t, "example"+n, spl)
		args, _, err := standin.Tokenize(clause(t, spl))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := command.Parse(args); err != nil {
			t.Errorf("%s: %v", example, err)
		}
	}
}
