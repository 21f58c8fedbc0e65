package sink

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/json"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// writeJSON writes every column of every row as text, which is exactly the rows.
func writeJSON(j *job) error {
	for _, r := range j.written() {
		if len(r.Values) != len(j.columns) {
			return fmt.Errorf("row of %d values for %d columns", len(r.Values), len(j.columns))
		}
		separator := byte('{')
		for i, column := range j.columns {
			value, err := json.Marshal(r.Values[i])
			if err != nil {
				return err
			}
			_ = j.out.WriteByte(separator) // a failed write shows when the buffer is flushed
			_, _ = j.out.WriteString(strconv.Quote(column) + ":")
			_, _ = j.out.Write(value)
			separator = ','
		}
		if _, err := j.out.WriteString("}\n"); err != nil {
			return err
		}
	}
	return nil
}

// numberColumns are the columns that hold numbers beside the times.
var numberColumns = set("depth process_id parent_process_id root_devices pattern_count pattern_devices remote_port connection_count " +
	"connections_hidden nodes connections clock_gap intel_score score template_devices beacon_score beacon_period beacon_count devices runs")

// listColumns hold several values in every kind of row, and those of findings in theirs.
var (
	listColumns    = set("why coverage cause_events")
	findingColumns = set("device remote remote_ip remote_port")
)

func set(words string) map[string]bool {
	all := make(map[string]bool)
	for _, word := range strings.Fields(words) {
		all[word] = true
	}
	return all
}

// writeLines writes an object a line, for programs: numbers as numbers, several values as
// an array, and nothing where a row has nothing.
func writeLines(j *job) error {
	clock := j.clock()
	for _, r := range j.rows {
		if len(r.Values) != len(j.columns) {
			return fmt.Errorf("row of %d values for %d columns", len(r.Values), len(j.columns))
		}
		separator := byte('{')
		for i, column := range j.columns {
			if r.Values[i] == "" {
				continue
			}
			value, err := valueOf(r, column, r.Values[i], clock)
			if err != nil {
				return err
			}
			_ = j.out.WriteByte(separator) // a failed write shows when the buffer is flushed
			_, _ = j.out.WriteString(strconv.Quote(column) + ":" + value)
			separator = ','
		}
		if separator == '{' {
			_ = j.out.WriteByte('{')
		}
		if _, err := j.out.WriteString("}\n"); err != nil {
			return err
		}
	}
	return nil
}

// valueOf is a value of a column in JSON.
func valueOf(r row.Row, column, text string, clock func(string) string) (string, error) {
	if !listColumns[column] && (r.Kind != row.Findings || !findingColumns[column]) {
		return scalar(column, text, clock)
	}
	var values []string
	for value := range strings.SplitSeq(text, "\n") {
		one, err := scalar(column, value, clock)
		if err != nil {
			return "", err
		}
		values = append(values, one)
	}
	return "[" + strings.Join(values, ",") + "]", nil
}

func scalar(column, text string, clock func(string) string) (string, error) {
	if timeColumns[column] {
		text = clock(text)
	}
	if (timeColumns[column] || numberColumns[column]) && isNumber(text) {
		return text, nil
	}
	value, err := json.Marshal(text)
	return string(value), err
}

// isNumber reports whether a text is a number as JSON writes them, with every digit that
// it has: times have more than what a float holds.
func isNumber(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	whole, part, point := strings.Cut(digits, ".")
	if whole == "" || len(whole) > 1 && whole[0] == '0' || point && part == "" {
		return false
	}
	return strings.Trim(whole+part, "0123456789") == ""
}
