package pages_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/schtaskhunt/schtaskhunt/app/trial/executable"
)

// A command on a page is a line that is indented or in a block, and begins with the program's
// name; what stands behind three blanks in prose says what it does.
var (
	pageCommand  = regexp.MustCompile(`(?m)^(?: {4,}|\$ )(schtaskhunt (?:hunt|tasks|sample|splunk|remote|plugins|stock|propose|completion|man|help)\b.*)$`)
	pageComment  = regexp.MustCompile(` {3,}[A-Za-z'].*$`)
	pageFlag     = regexp.MustCompile(`(?:^|[\s\x60(])(--[a-z][a-z-]*)`)
	pageTarget   = regexp.MustCompile("(?m)(?:`|^ {4,})make ([a-z][a-z-]*)")
	pageFleet    = regexp.MustCompile(`--devices \d+ --days \d+`)
	helpFlag     = regexp.MustCompile(`(?m)(?:^ +|, )(--[a-z][a-z-]*)`)
	makefileLine = regexp.MustCompile(`(?m)^([a-z][a-z-]*):`)
	// What the pages name beside the flags of subcommands: help itself, what commands.conf
	// gives, what other programs have, an example's, and two that are not there on purpose.
	otherFlags = "--help --map --ignore-missing --job --token --password"
)

// page is a page of the repository with its text, lines that end in a backslash joined.
type page struct{ name, text string }

func pages(t *testing.T) (all []page) {
	t.Helper()
	names, err := filepath.Glob("../../../docs/*.md")
	if err != nil || len(names) < 10 {
		t.Fatalf("%d pages, %v", len(names), err)
	}
	for _, name := range append(names, "../../../README.md") {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page{filepath.Base(name), regexp.MustCompile(`\\\n +`).ReplaceAllString(string(body), " ")})
	}
	return all
}

func TestThePages(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash, whose language the commands on the pages are in")
	}
	binary := executable.Built(t)
	t.Run("commands", func(t *testing.T) { runPageCommands(t, binary) })
	t.Run("flags", func(t *testing.T) { checkPageFlags(t, binary) })
	t.Run("targets", checkPageTargets)
}

// Every command of the pages runs and prints something, those of one page in one folder and
// in their order, on small files with the names that the pages use. What remote runs needs a
// server, and is run in app/cli; blocks with what they print are compared with it in
// bin/schtaskhunt.
func runPageCommands(t *testing.T, binary string) {
	lists := filepath.Join(filepath.Dir(binary), "plugins")
	executable.Safely(t, lists, map[string][]byte{"drop.txt": []byte("203.0.113.7\n")})
	executable.Safely(t, filepath.Join(lists, "local"), map[string][]byte{"schtaskhunt_plugins.conf": []byte("[lists]\ndisabled = 0\nsetting.files = drop.txt\n")})
	ran := 0
	for _, p := range pages(t) {
		folder := pageFolder(t, binary)
		for _, m := range pageCommand.FindAllStringSubmatch(p.text, -1) {
			command := pageComment.ReplaceAllString(m[1], "")
			if strings.HasPrefix(command, "schtaskhunt remote") {
				continue
			}
			ran++
			runPageCommand(t, p.name, command, folder)
		}
	}
	if ran < 25 {
		t.Errorf("only %d commands were found", ran)
	}
}

// runPageCommand runs a command as it stands, with a small fleet for a large one.
func runPageCommand(t *testing.T, name, command, folder string) {
	t.Helper()
	line := strings.NewReplacer("FILE...", "logs", " ID ", " 706d4506e24fa2a0 ").Replace(command)
	if strings.Contains(line, "propose") || strings.Contains(line, "--allow") {
		line = strings.NewReplacer("4f0c9b1e22a35d70", fineFinding, "events.jsonl", "fine.jsonl").Replace(line)
	}
	line = pageFleet.ReplaceAllString(line, "--devices 4 --days 1")
	c := exec.CommandContext(t.Context(), "bash", "-ec", line)
	c.Dir, c.Env = folder, append(os.Environ(), "PATH="+filepath.Join(folder, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
	if strings.Contains(line, "schtaskhunt sample") {
		_ = os.RemoveAll(filepath.Join(folder, "fleet")) // a page may make it twice
	}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %s: %v\n%s", name, command, err, out)
	}
	if len(out) == 0 {
		t.Errorf("%s: %s: prints nothing", name, command)
	}
}

// pageFolder is a folder with what the pages name in it.
func pageFolder(t *testing.T, binary string) string {
	t.Helper()
	folder := t.TempDir()
	for name, target := range map[string]string{
		"bin/schtaskhunt": binary, "logs": "../../../testdata/first", "testdata": "../../../testdata", "app": "../../../app", "PC-7.zip": "../../../testdata/triage/PC-7.zip",
		"processes.csv": "../../../app/kql/testdata/quirks/q01-ties/processes.csv", "network.csv": "../../../app/kql/testdata/quirks/q01-ties/network.csv",
		"events.jsonl": "../../../testdata/first/events.jsonl", "day.jsonl": "../../../testdata/first/events.jsonl",
		"next.jsonl": "../../../testdata/first/events.jsonl", "today.jsonl": "../../../testdata/first/events.jsonl",
	} {
		link(t, target, filepath.Join(folder, name))
	}
	for _, f := range files(t, "propose.txtar") {
		if f.Name == "events.jsonl" {
			write(t, filepath.Join(folder, "fine.jsonl"), f.Data)
		}
	}
	for _, f := range files(t, "golden.txtar") {
		name := strings.NewReplacer("folder/", "Tasks/", "query.xml", "golden.xml").Replace(f.Name)
		if strings.HasPrefix(name, "Tasks/") || name == "golden.xml" || name == "autoruns.csv" {
			write(t, filepath.Join(folder, name), f.Data)
		}
	}
	if out, err := exec.CommandContext(t.Context(), binary, "sample", "--devices", "4", "--days", "1", "--format", "falcon", filepath.Join(folder, "fdr")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return folder
}

// fineFinding is that of a vendor's task in the events of propose.txtar.
const fineFinding = "9acc8e9bad90fb48"

// files are those of a script of the command line.
func files(t *testing.T, script string) []txtar.File {
	t.Helper()
	archive, err := txtar.ParseFile("../../../testdata/script/" + script)
	if err != nil {
		t.Fatal(err)
	}
	return archive.Files
}

func link(t *testing.T, target, name string) {
	t.Helper()
	target, err := filepath.Abs(target)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, name string, body []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, body, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Every flag that a page names is one that some subcommand has.
func checkPageFlags(t *testing.T, binary string) {
	known := map[string]bool{}
	for _, flag := range strings.Fields(otherFlags) {
		known[flag] = true
	}
	for _, subcommand := range []string{"hunt", "tasks", "sample", "splunk", "remote", "plugins", "stock", "propose", "completion", "man"} {
		help, err := exec.CommandContext(t.Context(), binary, subcommand, "--help").Output()
		if err != nil {
			t.Fatalf("%s --help: %v", subcommand, err)
		}
		for _, m := range helpFlag.FindAllStringSubmatch(string(help), -1) {
			known[m[1]] = true
		}
	}
	for _, p := range pages(t) {
		for _, m := range pageFlag.FindAllStringSubmatch(p.text, -1) {
			if !known[m[1]] {
				t.Errorf("%s: %s is no flag of any subcommand", p.name, m[1])
			}
		}
	}
}

// Every target that a page names is one of the Makefile.
func checkPageTargets(t *testing.T) {
	makefile, err := os.ReadFile("../../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, m := range makefileLine.FindAllStringSubmatch(string(makefile), -1) {
		there[m[1]] = true
	}
	named := 0
	for _, p := range pages(t) {
		for _, m := range pageTarget.FindAllStringSubmatch(p.text, -1) {
			named++
			if !there[m[1]] {
				t.Errorf("%s: there is no make %s", p.name, m[1])
			}
		}
	}
	if named < 10 {
		t.Errorf("only %d targets were found", named)
	}
}
