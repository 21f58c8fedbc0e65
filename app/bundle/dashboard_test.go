package bundle_test

import (
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// view is what the test needs of a Simple XML dashboard.
type view struct {
	XMLName xml.Name
	Version string `xml:"version,attr"`
	Search  struct {
		ID    string `xml:"id,attr"`
		Query string `xml:"query"`
	} `xml:"search"`
	Inputs []struct {
		Type    string `xml:"type,attr"`
		Token   string `xml:"token,attr"`
		Default string `xml:"default"`
		Choices []struct {
			Value string `xml:"value,attr"`
			Label string `xml:",chardata"`
		} `xml:"choice"`
		Conditions []struct {
			Label string `xml:"label,attr"`
		} `xml:"change>condition"`
	} `xml:"fieldset>input"`
	Rows []struct {
		Depends string `xml:"depends,attr"`
		Tables  []struct {
			Query  string `xml:"search>query"`
			Fields string `xml:"fields"`
		} `xml:"panel>table"`
	} `xml:"row"`
}

const dashboard = "default/data/ui/views/schtaskhunt.xml"

func readView(t *testing.T) (v view, body string) {
	t.Helper()
	body = text(t, files(t, withoutPrograms(false)), dashboard)
	if err := xml.Unmarshal([]byte(body), &v); err != nil {
		t.Fatal(err)
	}
	return v, body
}

// TestDashboardsAreWellFormed reads every XML file to its end.
func TestDashboardsAreWellFormed(t *testing.T) {
	for _, f := range files(t, withoutPrograms(false)) {
		if path.Ext(f.Name) != ".xml" {
			continue
		}
		d := xml.NewDecoder(strings.NewReader(string(f.Body)))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
	}
	v, body := readView(t)
	if v.XMLName.Local != "form" || v.Version != "1.1" {
		t.Errorf("the dashboard is <%s version=%q>", v.XMLName.Local, v.Version)
	}
	if strings.Contains(body, "script=") || strings.Contains(body, "<html") {
		t.Error("the dashboard runs code of its own")
	}
}

// TestDashboardsTokensAreSet: every $token$ has an input or a click that sets it.
func TestDashboardsTokensAreSet(t *testing.T) {
	_, body := readView(t)
	set := map[string]bool{}
	for _, m := range regexp.MustCompile(`token="([a-z_]+)"`).FindAllStringSubmatch(body, -1) {
		set[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`\$([a-z_]+)(\.[a-z_]+)?(\|[a-z])?\$`).FindAllStringSubmatch(body, -1) {
		if m[1] != "row" && !set[m[1]] {
			t.Errorf("nothing sets %s", m[0])
		}
	}
}

// TestDashboardsInputs: a default is one of the choices, every choice of a source has
// its macro and sets where the raw events are.
func TestDashboardsInputs(t *testing.T) {
	v, _ := readView(t)
	known := macros(t)
	times := 0
	for _, in := range v.Inputs {
		if in.Type == "time" {
			times++
			continue
		}
		var values, labels, conditions []string
		for _, c := range in.Choices {
			values, labels = append(values, c.Value), append(labels, c.Label)
		}
		for _, c := range in.Conditions {
			conditions = append(conditions, c.Label)
		}
		if !slices.Contains(values, in.Default) {
			t.Errorf("%s: the default %q is no choice", in.Token, in.Default)
		}
		if in.Token != "source" {
			continue
		}
		if !slices.Equal(labels, conditions) {
			t.Errorf("the sources are %q, those with events %q", labels, conditions)
		}
		for _, value := range values {
			spl := expand(t, known, strings.TrimPrefix(value, "| "))
			if generates := strings.HasPrefix(spl, "tstats"); generates != strings.HasPrefix(value, "| ") {
				t.Errorf("%s: a generating command follows a pipe, terms to search for do not", value)
			}
		}
	}
	if times != 1 {
		t.Errorf("%d time inputs", times)
	}
}

// TestDashboardsHuntReturnsRows runs its base search with the inputs' defaults, and
// every choice of the others is one that the program takes.
func TestDashboardsHuntReturnsRows(t *testing.T) {
	v, _ := readView(t)
	header := fieldsOf(t, "schtaskhunt_sysmon")
	rows := events(t, header)
	app := installApp(t, true)
	query := v.Search.Query
	for _, in := range v.Inputs {
		query = strings.ReplaceAll(query, "$"+in.Token+"$", in.Default)
	}
	result := app.run(t, clause(t, expand(t, macros(t), query)), header, rows)
	if result.Error != "" || len(result.Rows) == 0 {
		t.Errorf("%d rows, error %q", len(result.Rows), result.Error)
	}
	for _, in := range v.Inputs {
		if in.Token != "recent" && in.Token != "max_devices" && in.Token != "internal" {
			continue
		}
		for _, c := range in.Choices {
			if err := takes(in.Token, c.Value); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestDashboardShowsWhatItsSearchesMake: the fields a table shows, and those a click
// takes from a row, are made by the table's search.
func TestDashboardShowsWhatItsSearchesMake(t *testing.T) {
	v, body := readView(t)
	made := map[string]bool{}
	for _, row := range v.Rows {
		for _, table := range row.Tables {
			parts := segments(t, table.Query)
			last := parts[len(parts)-1]
			for _, field := range regexp.MustCompile(`[a-z_]+`).FindAllString(last, -1) {
				made[field] = true
			}
			for _, m := range regexp.MustCompile(`"([a-z_]+)"`).FindAllStringSubmatch(table.Fields, -1) {
				if !slices.Contains(regexp.MustCompile(`[a-z_]+`).FindAllString(last, -1), m[1]) {
					t.Errorf("a table shows %s, its search ends in %s", m[1], last)
				}
			}
		}
	}
	for _, m := range regexp.MustCompile(`\$row\.([a-z_]+)\$`).FindAllStringSubmatch(body, -1) {
		if !made[m[1]] {
			t.Errorf("a click takes %s, which no table has", m[1])
		}
	}
}
