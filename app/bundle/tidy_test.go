package bundle_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/bundle"
	"github.com/schtaskhunt/schtaskhunt/app/census"
	"github.com/schtaskhunt/schtaskhunt/app/score"
	"github.com/schtaskhunt/schtaskhunt/app/spl"
	"github.com/schtaskhunt/schtaskhunt/app/standin"
)

// writeTable writes rows of one value a field as outputlookup does.
func (app installed) writeTable(t *testing.T, name string, columns []string, rows []spl.Row) {
	t.Helper()
	result := standin.Result{Header: columns}
	for _, row := range rows {
		cells := make([]string, len(columns))
		for i, column := range columns {
			cells[i] = first(row, column)
		}
		result.Rows = append(result.Rows, cells)
	}
	app.writeLookup(t, name, result)
}

func first(row spl.Row, field string) string {
	if len(row[field]) == 0 {
		return ""
	}
	return row[field][0]
}

// writeLookup writes rows as outputlookup does.
func (app installed) writeLookup(t *testing.T, name string, result standin.Result) {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := errors.Join(w.Write(result.Header), w.WriteAll(result.Rows)); err != nil {
		t.Fatal(err)
	}
	folder := strings.TrimSuffix(filepath.ToSlash(app.program), "/"+here(t).Path())
	if err := os.WriteFile(filepath.Join(folder, "lookups", name), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestCensusIsTidied runs the app's census for two nights, then what tidies it: one run
// takes the place of the nights, hunts say the same with it, and to tidy twice changes nothing.
func TestCensusIsTidied(t *testing.T) {
	app, header := installApp(t, false), fieldsOf(t, "schtaskhunt_sysmon")
	rows := events(t, header)
	var halves [2][][]string
	for i, row := range rows {
		halves[i%2] = append(halves[i%2], row)
	}
	w := splunk(t, nil)
	search := func(name string, of [][]string) (found []spl.Row) {
		_, search := saved(t, name)
		w.Commands[bundle.App] = func(arguments string, _ []spl.Row) ([]spl.Row, error) {
			arguments = strings.ReplaceAll(arguments, fmt.Sprintf("min_score=%g", score.Alert), "min_score=0")
			app.writeTable(t, "schtaskhunt_census.csv", census.Header.Names, w.Lookups["schtaskhunt_census.csv"])
			result := app.run(t, arguments+" now="+demoEnds, header, of)
			if result.Error != "" || len(result.Rows) == 0 {
				t.Fatalf("%s: %d rows, error %q", name, len(result.Rows), result.Error)
			}
			return rowsOf(result), nil
		}
		found, err := search.Run(w, nil)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	runs := func() int {
		ids := map[string]bool{}
		for _, row := range w.Lookups["schtaskhunt_census.csv"] {
			ids[first(row, "run")] = true
		}
		return len(ids)
	}
	const nightly, counted, tidy = "Scheduled Task Hunt - census each night", "Scheduled Task Hunt - each morning, with the census", "Scheduled Task Hunt - census, tidied each week"
	search(nightly, halves[0])
	search(nightly, halves[1])
	before, nights, size := search(counted, rows), runs(), len(w.Lookups["schtaskhunt_census.csv"])
	search(tidy, halves[1])
	after, tidied := search(counted, rows), w.Lookups["schtaskhunt_census.csv"]
	if nights != 2 || runs() != 1 || len(tidied) >= size {
		t.Errorf("%d runs with %d rows became %d with %d", nights, size, runs(), len(tidied))
	}
	if !reflect.DeepEqual(before, after) {
		t.Errorf("with the nights\n%v\ntidied\n%v", before, after)
	}
	if search(tidy, halves[1]); !reflect.DeepEqual(w.Lookups["schtaskhunt_census.csv"], tidied) {
		t.Error("tidied twice it is another")
	}
}
