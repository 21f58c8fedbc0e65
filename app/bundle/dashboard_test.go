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
		Panels []struct {
			Title  string  `xml:"title"`
			Tables []panel `xml:"table"`
			Charts []panel `xml:"chart"`
			Events []panel `xml:"event"`
		} `xml:"panel"`
	} `xml:"row"`
}

// panel is a table, a chart or a list of events.
type panel struct {
	Title  string
	Search struct {
		Base  string `xml:"base,attr"`
		Query string `xml:"query"`
	} `xml:"search"`
	Fields string `xml:"fields"`
}

// panels are those of a view, in order, with their titles.
func panels(t *testing.T, name string) (list []panel) {
	t.Helper()
	v, _ := readView(t, name)
	for _, row := range v.Rows {
		for _, p := range row.Panels {
			for _, one := range slices.Concat(p.Tables, p.Charts, p.Events) {
				one.Title = p.Title
				list = append(list, one)
			}
		}
	}
	return list
}

// shown are the fields that a table shows.
func (p panel) shown() (names []string) {
	for _, m := range regexp.MustCompile(`"([a-z_]+)"`).FindAllStringSubmatch(p.Fields, -1) {
		names = append(names, m[1])
	}
	return names
}

// The views: findings, and coverage with health.
const (
	dashboard = "default/data/ui/views/schtaskhunt.xml"
	health    = "default/data/ui/views/schtaskhunt_health.xml"
)

var views = []string{dashboard, health}

func readView(t *testing.T, name string) (v view, body string) {
	t.Helper()
	body = text(t, files(t, withoutPrograms(false)), name)
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
	for _, name := range views {
		v, body := readView(t, name)
		if v.XMLName.Local != "form" || v.Version != "1.1" {
			t.Errorf("%s is <%s version=%q>", name, v.XMLName.Local, v.Version)
		}
		if strings.Contains(body, "script=") || strings.Contains(body, "<html") {
			t.Errorf("%s runs code of its own", name)
		}
	}
}

// TestDashboardsTokensAreSet: every $token$ has an input or a click that sets it.
func TestDashboardsTokensAreSet(t *testing.T) {
	for _, name := range views {
		_, body := readView(t, name)
		set := map[string]bool{}
		for _, m := range regexp.MustCompile(`token="([a-z_]+)"`).FindAllStringSubmatch(body, -1) {
			set[m[1]] = true
		}
		for _, m := range regexp.MustCompile(`\$([a-z_]+)(\.[a-z_]+)?(\|[a-z])?\$`).FindAllStringSubmatch(body, -1) {
			if m[1] != "row" && !set[m[1]] {
				t.Errorf("%s: nothing sets %s", name, m[0])
			}
		}
	}
}

// TestDashboardsInputs: a default is one of the choices, every choice of a source has
// its macro and sets where the raw events are.
func TestDashboardsInputs(t *testing.T) {
	for _, name := range views {
		checkInputs(t, name)
	}
}

func checkInputs(t *testing.T, name string) {
	t.Helper()
	v, _ := readView(t, name)
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

// TestDashboardsChoicesAreTaken: every choice of an option is one that the program takes.
func TestDashboardsChoicesAreTaken(t *testing.T) {
	v, _ := readView(t, dashboard)
	options := 0
	for _, in := range v.Inputs {
		if _, isOption := byName(in.Token); !isOption {
			continue
		}
		options++
		for _, c := range in.Choices {
			if err := takes(in.Token, expand(t, macros(t), c.Value)); err != nil {
				t.Error(err)
			}
		}
	}
	if options != 5 {
		t.Errorf("%d inputs are options of the program", options)
	}
}

// TestDashboardShowsWhatItsSearchesMake: the fields a table shows, and those a click
// takes from a row, are made by the table's search.
func TestDashboardShowsWhatItsSearchesMake(t *testing.T) {
	for _, name := range views {
		_, body := readView(t, name)
		made := map[string]bool{}
		for _, table := range panels(t, name) {
			if table.Fields != "" {
				parts := segments(t, table.Search.Query)
				last := regexp.MustCompile(`[a-z_]+`).FindAllString(parts[len(parts)-1], -1)
				for _, field := range last {
					made[field] = true
				}
				for _, field := range table.shown() {
					if !slices.Contains(last, field) {
						t.Errorf("%s: a table shows %s, its search ends in %s", name, field, last)
					}
				}
			}
		}
		for _, m := range regexp.MustCompile(`\$row\.([a-z_]+)\$`).FindAllStringSubmatch(body, -1) {
			if !made[m[1]] {
				t.Errorf("%s: a click takes %s, which no table has", name, m[1])
			}
		}
	}
}
