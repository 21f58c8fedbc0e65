package app_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/schtaskhunt/schtaskhunt/"

// confined are the packages that may import nothing of ours but what is listed: the
// middle of the hunt knows events and nothing of where they come from or go to.
var confined = map[string][]string{
	"app/event":     nil,
	"app/tree":      {"app/event"},
	"app/rarity":    {"app/event"},
	"app/netjoin":   {"app/event"},
	"app/sieve":     {"app/event"},
	"app/partition": {"app/event", "app/sieve"},
	"app/chunked":   {"app/json"},
	"app/evtx":      nil,
}

// overall are the packages that put all others together, and the one that starts
// programs, with those that may import them.
var overall = map[string][]string{
	"app":         {"app/cli"},
	"app/cli":     nil,
	"plugin/host": {"app/plugins", "app/cli", "plugin/plugintest"},
}

func TestImportsFollowTheLayout(t *testing.T) {
	imports := importsBelow(t, "..")
	for folder := range confined {
		if _, there := imports[folder]; !there {
			t.Errorf("there is no package %s: the rule for it holds nothing", folder)
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(imports)) {
		for _, imported := range imports[folder] {
			if said := forbidden(folder, imported); said != "" {
				t.Errorf("%s imports %s: %s", folder, imported, said)
			}
		}
	}
}

// forbidden says why a package may not import another, "" when it may.
func forbidden(folder, imported string) string {
	if may, isConfined := confined[folder]; isConfined && !slices.Contains(may, imported) {
		return "it may import of ours no more than " + strings.Join(may, ", ")
	}
	isProgram := strings.HasPrefix(folder, "bin/")
	if by, sees := overall[imported]; sees && !isProgram && !slices.Contains(by, folder) {
		return "only the programs and " + strings.Join(by, ", ") + " may"
	}
	isPlugin := folder == "plugin" || strings.HasPrefix(folder, "plugin/")
	if isPlugin && (imported == "app" || strings.HasPrefix(imported, "app/")) {
		return "what plugins are made with must not depend on the program"
	}
	return ""
}

// The rule itself has to bite.
func TestForbiddenImports(t *testing.T) {
	for _, c := range []struct {
		folder, imported string
		allowed          bool
	}{
		{"app/event", "app/json", false}, {"app/tree", "app/event", true}, {"app/tree", "app/rarity", false},
		{"app/chunked", "app/json", true}, {"app/row", "app", false}, {"app/cli", "app", true}, {"app", "app/cli", false},
		{"bin/schtaskhunt", "app/cli", true}, {"app/standin", "app/cli", false}, {"plugin/host", "app/event", false},
		{"plugin", "app", false}, {"app", "plugin", true}, {"app/enrich", "plugin/host", false}, {"app/plugins", "plugin/host", true}, {"app", "app/tree", true},
	} {
		if got := forbidden(c.folder, c.imported) == ""; got != c.allowed {
			t.Errorf("%s imports %s: allowed %t, want %t", c.folder, c.imported, got, c.allowed)
		}
	}
}

// importsBelow returns what the packages below a folder import of ours, tests aside,
// by folder.
func importsBelow(t *testing.T, root string) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		relative, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		folder := path.Dir(filepath.ToSlash(relative))
		ours, err := importsOf(file)
		imports[folder] = append(imports[folder], ours...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports
}

func importsOf(file string) (ours []string, err error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	for _, i := range parsed.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return nil, err
		}
		if own, isOurs := strings.CutPrefix(name, module); isOurs {
			ours = append(ours, own)
		}
	}
	return ours, nil
}
