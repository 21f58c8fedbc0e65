package app_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/schtaskhunt/schtaskhunt/"

// room is a package and what it may import of ours.
type room struct {
	folder string
	may    string // folders with blanks between
}

// rooms are all packages of the house in one order: what a room may see stands before it,
// so that nothing imports back up the flow. Whoever adds an import adds it here, and has
// to say where the room stands.
var rooms = []room{
	{"plugin/proto/v1", ""},
	{"plugin/internal/wire", "plugin/proto/v1"},
	{"plugin", "plugin/internal/wire plugin/proto/v1"},
	{"plugin/falcon", "plugin"},
	{"plugin/indicator", "plugin"},
	{"plugin/example/enrich-documentation", "plugin"},
	{"plugin/host", "plugin plugin/internal/wire plugin/proto/v1"},
	{"plugin/plugintest", "plugin plugin/host"},

	{"app/json", ""},
	{"app/chunked", "app/json"},
	{"app/record", "app/json"},
	{"app/evtx", ""},
	{"app/evtx/evtxtest", ""},
	{"app/source", "app/evtx app/record"},
	{"app/event", ""},
	{"app/schema", "app/event app/json app/record"},
	{"app/identity", "app/event"},
	{"app/hold/sieve", "app/event"},
	{"app/hold", "app/event app/hold/sieve"},
	{"app/tree", "app/event app/identity"},
	{"app/tree/roots", "app/event app/tree"},
	{"app/tree/kin", ""},
	{"app/task/definition", "app/json app/record"},
	{"app/task", "app/event app/identity app/task/definition app/tree"},
	{"app/cause", "app/event app/identity app/task/definition"},
	{"app/principal", ""},
	{"app/stock", "app/principal"},
	{"app/stock/golden", "app/stock app/task/definition"},
	{"app/netjoin", "app/event app/identity"},
	{"app/beacon", "app/event"},
	{"app/rarity/template", ""},
	{"app/rarity/destination", ""},
	{"app/rarity", "app/beacon app/event app/identity"},
	{"app/score", ""},
	{"app/finding", "app/event app/rarity app/score"},
	{"app/allow", "app/event app/rarity/template app/score"},
	{"app/row", "app/event"},
	{"app/task/inventory", "app/event app/principal app/rarity/template app/row app/task/definition"},
	{"app/census", "app/beacon app/event app/rarity app/row"},
	{"app/account", "app/event app/row"},
	{"app/kql/keep", "app/event"},
	{"app/kql/read", "app/event app/kql/keep app/record"},
	{"app/kql/write", "app/event app/kql/keep"},
	{"app/kql", "app/account app/event app/kql/keep app/kql/read app/kql/write app/record"},
	{"app/command", "app/allow app/event app/tree/roots"},
	{"app/enrich", "plugin app/row app/schema"},
	{"app/plugins", "plugin plugin/host app/command app/enrich app/event app/row app/schema"},
	{"app/hunt", "app/account app/allow app/beacon app/cause app/census app/command app/event app/finding app/hold app/hold/sieve app/identity app/netjoin app/plugins app/principal app/rarity app/rarity/destination app/rarity/template app/record app/row app/schema app/score app/stock app/task app/task/definition app/task/inventory app/tree app/tree/kin app/tree/roots"},
	{"app/sink/view", "app/account app/row"},
	{"app/sink/screen", "app/row app/sink/view"},
	{"app/sink/graph", "app/row app/sink/view"},
	{"app/sink/page", "app/account app/row app/sink/view"},
	{"app/sink", "app/chunked app/event app/json app/row app/sink/graph app/sink/page app/sink/screen app/sink/view"},
	{"app/engine", "app/account app/census app/chunked app/command app/event app/hunt app/kql app/plugins app/record app/row"},
	{"app/searchcommand", "app/account app/chunked app/command app/engine app/event app/kql app/plugins app/record app/schema app/sink"},
	{"app/sample", ""},
	{"app/sample/realistic", "app/sample"},
	{"app/sample/judge", ""},
	{"app/sample/rival", "app/beacon app/event app/rarity/destination"},
	{"app/standin", "app/chunked"},
	{"app/spl", ""},
	{"app/cloud/pretended", ""},
	{"app/cloud", "app/event app/json app/record app/row"},
	{"app/cloud/azure", "app/cloud"},
	{"app/cloud/kusto", "app/cloud app/json"},
	{"app/cli", "plugin plugin/host app/account app/allow app/census app/chunked app/cloud app/cloud/azure app/cloud/kusto app/command app/engine app/enrich app/event app/kql app/plugins app/record app/row app/sample app/sample/realistic app/schema app/searchcommand app/sink app/source app/standin app/stock app/stock/golden app/task/inventory"},
	{"app", "app/cli"},
	{"app/bundle", "app/command"},
	{"app/trial/rounds", ""},
	{"app/trial/worlds", "app/evtx app/sample"},
	{"app/trial/doors", "plugin plugin/falcon plugin/host plugin/indicator app/chunked app/command app/engine app/event app/plugins app/record app/row app/schema app/searchcommand app/sink app/source app/tree/roots"},
	{"app/trial/executable", "app/bundle app/plugins app/standin app/trial/doors app/trial/worlds"},
	{"app/trial/invariance", ""},
	{"app/trial/keysfirst", ""},
	{"app/trial/notations", ""},
	{"app/trial/damage", ""},
	{"app/trial/sizes", ""},
	{"app/trial/truth", ""},
	{"app/trial/captures", ""},
	{"app/trial/roots", ""},
	{"app/trial/causes", ""},
	{"app/trial/findings", ""},
	{"app/trial/shares", ""},
	{"app/trial/splunk", ""},
	{"app/trial/query", ""},
	{"app/trial/plugins", ""},
	{"app/trial/pages", ""},
	{"app/trial/judging", ""},
	{"app/trial", ""},
	{"app/bench", ""},

	{"bin/judge", "app/sample/judge"},
	{"bin/package", "app/bundle"},
	{"bin/schtaskhunt", "app app/cli"},
	{"bin/schtaskhunt-enrich-list", "plugin plugin/indicator"},
	{"bin/schtaskhunt-map-falcon", "plugin plugin/falcon"},
}

// TestImportsFollowTheLayout: every package is in the list, and imports what its line
// allows and nothing else.
func TestImportsFollowTheLayout(t *testing.T) {
	imports := importsBelow(t, "..")
	known := map[string]bool{}
	for _, r := range rooms {
		known[r.folder] = true
		if _, there := imports[r.folder]; !there {
			t.Errorf("there is no package %s: its line holds nothing", r.folder)
		}
		for _, said := range r.check(imports[r.folder]) {
			t.Error(said)
		}
	}
	for folder := range imports {
		if !known[folder] {
			t.Errorf("package %s is in no line of rooms", folder)
		}
	}
}

// check says what a room imports without leave, and what leave it does not use.
func (r room) check(imports []string) (said []string) {
	may := strings.Fields(r.may)
	for _, imported := range imports {
		if !slices.Contains(may, imported) {
			said = append(said, r.folder+" imports "+imported+", which its line in rooms does not allow")
		}
	}
	for _, allowed := range may {
		if !slices.Contains(imports, allowed) {
			said = append(said, r.folder+" may import "+allowed+" and does not: its line in rooms allows too much")
		}
	}
	return said
}

// TestRoomsStandInOneOrder: a room sees only rooms before it, and plugin/ nothing of app/.
func TestRoomsStandInOneOrder(t *testing.T) {
	before := map[string]bool{}
	for _, r := range rooms {
		for _, allowed := range strings.Fields(r.may) {
			if !before[allowed] {
				t.Errorf("%s may import %s, which stands behind it", r.folder, allowed)
			}
			if strings.HasPrefix(r.folder+"/", "plugin/") && !strings.HasPrefix(allowed+"/", "plugin/") {
				t.Errorf("%s may import %s: what plugins are made with must not depend on the program", r.folder, allowed)
			}
		}
		before[r.folder] = true
	}
}

// The rule itself has to bite.
func TestForbiddenImports(t *testing.T) {
	r := room{"app/tree", "app/event"}
	for _, c := range []struct {
		imports []string
		said    int
	}{{[]string{"app/event"}, 0}, {[]string{"app/event", "app/rarity"}, 1}, {nil, 1}, {[]string{"app/hunt"}, 2}} {
		if said := r.check(c.imports); len(said) != c.said {
			t.Errorf("tree imports %q: %q", c.imports, said)
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
