package host

import (
	"unicode/utf8"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	pluginv1 "github.com/schtaskhunt/schtaskhunt/plugin/proto/v1"
)

// maxList is the most entries of any list in a mapping. Sysmon, the richest sensor
// known here, has 30 kinds of events.
const maxList = 1000

func checkInfo(answer *pluginv1.StartResponse) (plugin.Info, error) {
	info := plugin.Info{Name: answer.GetName(), Version: answer.GetVersion()}
	if info.Name == "" || info.Name != printable(info.Name, 100) || info.Version != printable(info.Version, 100) {
		return plugin.Info{}, lie("it calls itself %q %q, want a name and a version of at most 100 printable bytes each",
			printable(info.Name, 100), printable(info.Version, 100))
	}
	return info, nil
}

func mappingFromProto(in *pluginv1.MappingResponse) plugin.Mapping {
	m := plugin.Mapping{Unknown: in.GetUnknown()}
	for _, conditions := range in.GetGate() {
		m.Gate = append(m.Gate, conditionsFromProto(conditions.GetAll()))
	}
	for _, t := range in.GetTables() {
		table := plugin.Table{Name: t.GetName(), Kind: plugin.Kind(t.GetKind()), When: conditionsFromProto(t.GetWhen()), ByPlugin: t.GetByPlugin()}
		for _, r := range t.GetRules() {
			table.Rules = append(table.Rules, plugin.Rule{To: r.GetTo(), From: r.GetFrom(), Else: r.GetElse(), Via: r.GetVia(), Optional: r.GetOptional()})
		}
		m.Tables = append(m.Tables, table)
	}
	return m
}

func conditionsFromProto(in []*pluginv1.Condition) []plugin.Condition {
	if len(in) == 0 {
		return nil
	}
	out := make([]plugin.Condition, len(in))
	for i, c := range in {
		out[i] = plugin.Condition{Fields: c.GetFields(), Test: c.GetTest(), Values: c.GetValues()}
	}
	return out
}

// checkMapping finds what no mapping has. Canonical fields and transforms are the
// program's, and not known here.
func checkMapping(m plugin.Mapping) error {
	if len(m.Gate) == 0 || len(m.Tables) == 0 || len(m.Gate) > maxList || len(m.Tables) > maxList {
		return lie("a mapping of %d gates and %d tables, want 1 to %d of each", len(m.Gate), len(m.Tables), maxList)
	}
	for _, conditions := range m.Gate {
		if err := checkConditions("the gate", conditions); err != nil {
			return err
		}
		if len(conditions) == 0 {
			return lie("the gate has a list without a condition, which would take any sensor's events")
		}
	}
	named := map[string]bool{}
	for _, t := range m.Tables {
		if err := checkTable(t); err != nil {
			return err
		}
		if named[t.Name] {
			return lie("two tables have the name %s", t.Name)
		}
		named[t.Name] = true
	}
	return nil
}

func checkTable(t plugin.Table) error {
	if t.Name == "" || t.Name != printable(t.Name, 100) {
		return lie("a table has the name %q, want at most 100 printable bytes", printable(t.Name, 100))
	}
	switch t.Kind {
	case plugin.ProcessStart, plugin.ProcessEnd, plugin.NetworkConnection, plugin.NameLookup:
	default:
		return lie("table %s has the kind %q, want process_start, process_end, network_connection or name_lookup", t.Name, printable(string(t.Kind), 100))
	}
	if len(t.Rules) > maxList {
		return lie("table %s has %d rules, want at most %d", t.Name, len(t.Rules), maxList)
	}
	for _, r := range t.Rules {
		if err := checkNames("table "+t.Name, r.From, r.Else, []string{r.To}); err != nil {
			return err
		}
	}
	return checkConditions("table "+t.Name, t.When)
}

func checkConditions(where string, conditions []plugin.Condition) error {
	if len(conditions) > maxList {
		return lie("%s has %d conditions, want at most %d", where, len(conditions), maxList)
	}
	for _, c := range conditions {
		switch c.Test {
		case plugin.TestPresent, plugin.TestAbsent, plugin.TestIs, plugin.TestHas:
		default:
			return lie("%s has the test %q, want present, absent, is or has", where, printable(c.Test, 100))
		}
		if len(c.Fields) == 0 {
			return lie("%s has a condition on no field", where)
		}
		if err := checkNames(where, c.Fields, c.Values); err != nil {
			return err
		}
	}
	return nil
}

// checkNames checks lists of fields' names, and of values compared with.
func checkNames(where string, lists ...[]string) error {
	for _, list := range lists {
		if len(list) > maxList {
			return lie("%s has a list of %d names, want at most %d", where, len(list), maxList)
		}
		for _, name := range list {
			if name == "" || len(name) > maxField || !utf8.ValidString(name) {
				return lie("%s has the name %q, want 1 to %d bytes of UTF-8", where, printable(name, 100), maxField)
			}
		}
	}
	return nil
}
