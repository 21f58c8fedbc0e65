package cloud

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// csvPage writes results as CSV, which is what all pages are.
func csvPage(results []map[string]any) (Page, error) {
	names := make(map[string]bool)
	for _, r := range results {
		for name := range r {
			names[name] = true
		}
	}
	header := slices.Sorted(maps.Keys(names))
	for len(header) < 2 {
		header = append(header, "") // a row of one empty cell would be a blank line, and no row
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(header) // a Buffer takes all
	cells := make([]string, len(header))
	for _, r := range results {
		for i, name := range header {
			cells[i] = cell(r[name])
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return Page{CSV: b.Bytes(), Rows: len(results)}, w.Error()
}

// cell is a value of decoded JSON as splunkd would write it in CSV.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = cell(part)
		}
		return strings.Join(parts, "\n")
	}
	return fmt.Sprint(v)
}
