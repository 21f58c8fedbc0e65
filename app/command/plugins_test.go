package command

import (
	"errors"
	"slices"
	"testing"
)

func TestPluginsAreNamedOnce(t *testing.T) {
	o := mustParse(t, "mapper=falcon, other,falcon", "enrich=lists", "enrich=more-lists,lists")
	if !slices.Equal(o.Mapper, []string{"falcon", "other"}) || !slices.Equal(o.Enrich, []string{"lists", "more-lists"}) {
		t.Errorf("mappers %q, enrichers %q", o.Mapper, o.Enrich)
	}
	if !o.NeedsPlugins() || mustParse(t).NeedsPlugins() || !mustParse(t, "enrich=lists").NeedsPlugins() {
		t.Error("whether plugins are needed is not told")
	}
}

// A name that is not installed is answered with those that are.
func TestPluginsAreInstalled(t *testing.T) {
	installed := Installed{Mappers: []string{"falcon", "zeek"}, Enrichers: []string{"lists"}, Disabled: []string{"feeds"}}
	for _, c := range []struct{ option, want string }{
		{"mapper=falcon", ""},
		{"mapper=zeek,falcon", ""},
		{"enrich=lists", ""},
		{"mapper=falcn", `mapper: there is no plugin "falcn"; did you mean falcon? installed are: falcon, zeek`},
		{"mapper=falcon,abcdef", `mapper: there is no plugin "abcdef"; installed are: falcon, zeek`},
		{"mapper=Falcon", `mapper: there is no plugin "Falcon"; did you mean falcon? installed are: falcon, zeek`},
		{"enrich=list", `enrich: there is no plugin "list"; did you mean lists? installed are: lists`},
		{"enrich=feeds", `enrich: plugin "feeds" is disabled: set what it needs and disabled = 0 in schtaskhunt_plugins.conf`},
		{"enrich=falcon", `enrich: plugin "falcon" is of the other kind; installed are: lists`},
	} {
		err := mustParse(t, c.option).CheckPlugins(installed)
		if text(err) != c.want {
			t.Errorf("%s: %q, want %q", c.option, text(err), c.want)
		}
		if wrong := (*UsageError)(nil); err != nil && !errors.As(err, &wrong) {
			t.Errorf("%s: %T", c.option, err)
		}
	}
	if got := text(mustParse(t, "enrich=lists").CheckPlugins(Installed{})); got != `enrich: there is no plugin "lists"; installed are: none; see docs/plugins.md` {
		t.Errorf("with none installed: %q", got)
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
