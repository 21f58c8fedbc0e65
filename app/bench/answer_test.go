//go:build bench

package bench

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// answerOf reduces the hunt's rows to what two programs can agree on: which processes
// are in kept trees, and how often each called whom. beyond counts the rows that are
// known by process id and time only, which SQL that joins on GUIDs cannot have.
func answerOf(rows []byte) (answer []string, beyond int, err error) {
	records, err := readRecords(rows)
	if err != nil {
		return nil, 0, err
	}
	outside := make(map[string]bool) // nodes below such a tie, by node_id
	for _, r := range records {
		if r["edge"] == "pid_interval" || outside[r["parent_node_id"]] || outside[r["node_id"]] {
			if r["row"] == "node" {
				outside[r["node_id"]] = true
			}
			beyond++
			continue
		}
		answer = append(answer, lineOf(r))
	}
	slices.Sort(answer)
	return answer, beyond, nil
}

// lineOf tells a row in the words of duckdb.mjs. A lookup's address is one of several
// that it returned, so its name stands for it.
func lineOf(r map[string]string) string {
	guid := strings.ToUpper(strings.Trim(r["process_guid"], "{}"))
	switch {
	case r["row"] == "node":
		return guid + ",,,,node,1"
	case r["action"] == "dns":
		return strings.Join([]string{guid, "", "", strings.ToLower(r["remote_host"]), "dns", r["connection_count"]}, ",")
	}
	return strings.Join([]string{guid, plainAddress(r["remote_ip"]), r["remote_port"], strings.ToLower(r["remote_host"]),
		r["direction"], r["connection_count"]}, ",")
}

// plainAddress writes an address in its one canonical form.
func plainAddress(text string) string {
	if a, err := netip.ParseAddr(text); err == nil {
		return a.Unmap().String()
	}
	return text
}

func readRecords(rows []byte) (records []map[string]string, err error) {
	all, err := csv.NewReader(bytes.NewReader(rows)).ReadAll()
	if err != nil || len(all) == 0 {
		return nil, err
	}
	for _, row := range all[1:] {
		r := make(map[string]string, len(row))
		for i, name := range all[0] {
			r[name] = row[i]
		}
		records = append(records, r)
	}
	return records, nil
}

// sqlAnswer reads what duckdb.mjs wrote.
func sqlAnswer(text []byte) (answer []string, err error) {
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	for _, row := range all {
		row[1] = plainAddress(row[1])
		answer = append(answer, strings.Join(row, ","))
	}
	slices.Sort(answer)
	return answer, err
}

// sortedLines is the answer of a program whose rows are compared to the byte.
func sortedLines(text []byte) []string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	slices.Sort(lines[1:])
	return lines
}

// differ says how two answers differ, "" if they do not.
func differ(got, want []string) string {
	if slices.Equal(got, want) {
		return ""
	}
	missing, surplus := without(want, got), without(got, want)
	return fmt.Sprintf("%d rows missing, such as %q; %d surplus, such as %q", len(missing), first(missing), len(surplus), first(surplus))
}

// without returns the lines of a beyond those of b, counting repeated ones.
func without(a, b []string) (left []string) {
	count := make(map[string]int)
	for _, line := range b {
		count[line]++
	}
	for _, line := range a {
		if count[line]--; count[line] < 0 {
			left = append(left, line)
		}
	}
	return left
}

func first(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[0]
}
