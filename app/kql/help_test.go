package kql

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// fixtureNow is the instant that all fixtures count back from.
var fixtureNow = instant("2026-11-21T12:00:00Z")

// The scheduler as Defender's tables have it.
const (
	taskScheduler     = "svchost.exe"
	taskSchedulerRuns = "svchost.exe -k netsvcs -p -s Schedule"
)

// headerOf returns the columns of a CSV file.
func headerOf(tb testing.TB, path ...string) []string {
	tb.Helper()
	header, err := csv.NewReader(bytes.NewReader(content(tb, path...))).Read()
	if err != nil {
		tb.Fatal(err)
	}
	return header
}

func instant(text string) event.Time {
	t, ok := event.ParseTime([]byte(text))
	if !ok {
		panic("no time: " + text)
	}
	return t
}

// original returns the query's own options at fixtureNow.
func original() Options {
	o := Default()
	o.Now = fixtureNow
	return o
}

// addCSV adds all rows of a CSV text.
func addCSV(tb testing.TB, q *Query, text []byte) {
	tb.Helper()
	rows, rec := record.NewRows(), record.New(Names())
	if err := rows.Reset(text); err != nil {
		tb.Fatal(err)
	}
	for rows.Next(rec) {
		if kind, err := q.Add(rec); err != nil || kind == event.Other {
			tb.Fatalf("row %d: kind %d, error %v", rows.Number(), kind, err)
		}
	}
	if rows.Err() != nil {
		tb.Fatal(rows.Err())
	}
}

// resultOf runs the query over CSV texts and returns its result as the CSV that the
// golden files are.
func resultOf(tb testing.TB, o Options, texts ...[]byte) (string, Report) {
	tb.Helper()
	q := New(o)
	for _, text := range texts {
		addCSV(tb, q, text)
	}
	columns, rows, report := q.Finish()
	return asCSV(tb, columns, rows), report
}

func asCSV(tb testing.TB, columns []string, rows [][]string) string {
	tb.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(append([][]string{columns}, rows...)); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

func content(tb testing.TB, path ...string) []byte {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// compareLines reports the lines that only one of two results has.
func compareLines(tb testing.TB, got, want string) {
	tb.Helper()
	if got == want {
		return
	}
	g, w := strings.SplitAfter(got, "\n"), strings.SplitAfter(want, "\n")
	for _, line := range w {
		if !slices.Contains(g, line) {
			tb.Errorf("missing: %s", line)
		}
	}
	for _, line := range g {
		if !slices.Contains(w, line) {
			tb.Errorf("surplus: %s", line)
		}
	}
	tb.Fatalf("%d lines, want %d; they differ in the above, in order or in number", len(g), len(w))
}
