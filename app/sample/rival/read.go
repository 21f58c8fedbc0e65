package rival

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/rarity/destination"
)

// Read reads the rows of output=all as CSV. Rows of nodes come before those of what they
// started and called, as they leave the program.
func Read(r io.Reader) ([]*Tree, error) {
	table := csv.NewReader(r)
	table.ReuseRecord = true
	header, err := table.Read()
	if err != nil {
		return nil, fmt.Errorf("reading the header: %w", err)
	}
	rd := reader{at: map[string]int{}, trees: map[string]*Tree{}, steps: map[string]int{}, texts: map[string]string{}}
	for i, name := range header {
		rd.at[name] = i
	}
	for _, name := range []string{"row", "_time", "device", "tree_id", "node_id", "parent_node_id", "depth", "process_name", "root_template", "remote_host", "remote_ip",
		"connection_count", "first_seen", "last_seen"} {
		if !slices.Contains(header, name) {
			return nil, fmt.Errorf("there is no column %q", name)
		}
	}
	for number := 2; ; number++ {
		record, err := table.Read()
		if errors.Is(err, io.EOF) {
			return rd.list, nil
		}
		if err == nil {
			err = rd.take(record)
		}
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", number, err)
		}
	}
}

type reader struct {
	at    map[string]int // columns
	trees map[string]*Tree
	list  []*Tree
	steps map[string]int    // of nodes, in their trees
	texts map[string]string // so that a text is in memory once
}

func (rd *reader) text(s string) string {
	if known, some := rd.texts[s]; some {
		return known
	}
	s = string([]byte(s)) // not the record's own
	rd.texts[s] = s
	return s
}

func (rd *reader) take(record []string) error {
	get := func(column string) string { return record[rd.at[column]] }
	t := rd.trees[get("tree_id")]
	switch get("row") {
	case "node":
		return rd.node(t, get)
	case "connection":
		above, known := rd.steps[get("node_id")]
		if t == nil || !known {
			return fmt.Errorf("the connection's node %s did not come before it", get("node_id"))
		}
		return rd.call(t, above, get)
	}
	return nil
}

func (rd *reader) node(t *Tree, get func(string) string) error {
	s := Step{Above: Scheduler, Name: rd.text(get("process_name"))}
	s.Label = s.Name
	if get("depth") != "1" {
		above, known := rd.steps[get("parent_node_id")]
		if t == nil || !known {
			return fmt.Errorf("the node's parent %s did not come before it", get("parent_node_id"))
		}
		s.Above = above
	} else {
		at, err := strconv.ParseFloat(get("_time"), 64)
		if err != nil {
			return fmt.Errorf("_time %q is not in epoch seconds", get("_time"))
		}
		t = &Tree{ID: rd.text(get("tree_id")), Device: rd.text(get("device")), Day: int64(at) / 86400}
		rd.trees[t.ID], rd.list = t, append(rd.list, t)
		s.Label = rd.text(get("root_template"))
	}
	rd.steps[rd.text(get("node_id"))] = len(t.Steps)
	t.Steps = append(t.Steps, s)
	return nil
}

func (rd *reader) call(t *Tree, above int, get func(string) string) error {
	where := destination.OfName(get("remote_host")).Name
	if where == "" {
		where = get("remote_ip")
	}
	s := Step{Above: above, Name: rd.text(where), Call: true}
	s.Label = s.Name
	var errs [3]error
	s.Second, errs[0] = strconv.ParseFloat(get("first_seen"), 64)
	s.Last, errs[1] = strconv.ParseFloat(get("last_seen"), 64)
	s.Count, errs[2] = strconv.Atoi(get("connection_count"))
	if err := errors.Join(errs[:]...); err != nil {
		return fmt.Errorf("contacts: %w", err)
	}
	t.Steps = append(t.Steps, s)
	return nil
}
