package schema

import (
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

func TestTablesCompileAndEveryFieldIsNamed(t *testing.T) {
	for i := range all {
		if _, err := all[i].compile(names); err != nil {
			t.Error(err)
		}
		if all[i].Name == "" || len(all[i].Gate) == 0 {
			t.Errorf("schema %q has no name or no gate", all[i].Name)
		}
		for _, name := range fieldsOf(&all[i]) {
			if name == "" || names.Slot(name) == record.NoSlot {
				t.Errorf("schema %s: field %q has no slot", all[i].Name, name)
			}
		}
	}
}

func TestConditionValuesAreInLowerCase(t *testing.T) {
	check := func(name string, conditions []Condition) {
		for _, c := range conditions {
			for _, v := range c.Values {
				if v == "" || v != strings.ToLower(v) {
					t.Errorf("schema %s: value %q is empty or not in lower case", name, v)
				}
			}
			if needs := slices.Contains([]string{"is", "has", "log"}, c.Test); needs != (len(c.Values) > 0) {
				t.Errorf("schema %s: test %q of %v has %d values", name, c.Test, c.Fields, len(c.Values))
			}
		}
	}
	for _, s := range all {
		for _, conditions := range s.Gate {
			check(s.Name, conditions)
		}
		for _, table := range s.Tables {
			check(s.Name, table.When)
		}
	}
}

func TestRequiredFieldsAreUniqueAndNamed(t *testing.T) {
	for _, raw := range []bool{true, false} {
		required := RequiredFields(raw)
		seen := map[string]bool{}
		for _, name := range required {
			if name == "" || seen[name] {
				t.Errorf("field %q is empty or there twice", name)
			}
			seen[name] = true
		}
		if seen[Raw] != raw || seen[ChunkIndex] {
			t.Errorf("raw %v: %s is there: %v, %s: %v", raw, Raw, seen[Raw], ChunkIndex, seen[ChunkIndex])
		}
		for _, name := range []string{"ProcessGuid", "properties.DeviceId", "All_Traffic.dest_ip", "_time", "Message"} {
			if !seen[name] {
				t.Errorf("field %q is not asked for", name)
			}
		}
	}
	// It is the process of event 129, and Sysmon's own in the add-on's fields of Sysmon's events.
	for _, of := range sysmonSchemas() {
		if slices.Contains(fieldsOf(&of), "ProcessID") {
			t.Errorf("ProcessID is read of Sysmon's events, as %s: it is Sysmon's own process", of.Name)
		}
	}
}

func TestSchemaThatNamesWhatDoesNotExistIsRefused(t *testing.T) {
	good := Condition{Fields: []string{"A"}, Test: "present"}
	schema := func(c Condition, r Rule) Schema {
		return Schema{Name: "mine", Gate: [][]Condition{{good}}, Tables: []Table{{Kind: event.ProcessEnd, When: []Condition{c}, Rules: []Rule{r}}}}
	}
	fine := Rule{To: "process_id", From: []string{"B"}}
	gate := schema(good, fine)
	gate.Gate = append(gate.Gate, []Condition{{Fields: []string{"C"}, Test: "equals"}})
	for name, c := range map[string]struct {
		schema Schema
		want   []string
	}{
		"fine":           {schema(good, fine), nil},
		"field":          {schema(good, Rule{To: "proces_id"}), []string{"schema mine", `"proces_id"`, "process_id", "device"}},
		"transform":      {schema(good, Rule{To: "direction", Via: "sideways"}), []string{"schema mine", `"direction"`, `"sideways"`, "action_direction"}},
		"no default":     {schema(good, Rule{To: "url", Via: "process_id"}), []string{`"url"`, `"process_id"`, "remote_url"}},
		"test":           {schema(Condition{Fields: []string{"C"}, Test: "like"}, fine), []string{"schema mine", `"C"`, `"like"`, "present"}},
		"test in a gate": {gate, []string{"schema mine", `"equals"`, "absent"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.schema.compile(record.NewNames(fieldsOf(&c.schema)...))
			if (err != nil) != (c.want != nil) {
				t.Fatalf("error is %v", err)
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not name %s", err, part)
				}
			}
		})
	}
}

// TestContainsFoldIsStringsContainsOfTheLowerCase holds the fast search to the slow one.
func TestContainsFoldIsStringsContainsOfTheLowerCase(t *testing.T) {
	for _, value := range []string{"", "s", "SYSMON", "Linux-Sysmon/Operational", "sysmosysmon", "sysmo", "SysmOn ", "ſysmon", "Kelvin \u212A", "a-b_c"} {
		for _, needle := range []string{"s", "sysmon", "n", "operational", "-b", "k"} {
			ascii := strings.Map(func(r rune) rune {
				if r > 127 {
					return '\uFFFD'
				}
				return r
			}, value)
			if got, want := containsFold([]byte(value), needle), strings.Contains(strings.ToLower(ascii), needle); got != want {
				t.Errorf("%q in %q is %v, want %v", needle, value, got, want)
			}
		}
	}
}

// fieldsOf lists the fields that a schema may look at.
func fieldsOf(s *Schema) (fields []string) {
	s.eachField(func(name string) { fields = append(fields, name) })
	return fields
}
