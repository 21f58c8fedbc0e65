package source

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// isOwn reports whether a text is rows of a hunt. They have a process and its parent in
// every row and would pass for events of the Common Information Model.
func isOwn(text []byte) bool {
	first, _, _ := bytes.Cut(text, newline)
	for _, column := range []string{"root_process", `"root_process":`} {
		if at := bytes.Index(first, []byte(column)); at > 0 && (first[at-1] == ',') {
			return true
		}
	}
	return false
}

// leastOwn is how many columns of a table an object has to have that leaves out those that are
// empty.
const leastOwn = 4

// isOwnTable reports whether a text begins as one of the tables that Source.Own names: as CSV or
// with tabs by its header, which may go on behind the table's columns; as JSON by the first
// object, whose names are the same, or the table's first and some others of it in their order. A
// vendor's export may have columns of the same names, but not so.
func (c *cutting) isOwnTable(text []byte) bool {
	if len(c.own) == 0 || len(text) == 0 {
		return false
	}
	if text[0] == '{' {
		names := namesOfObject(text)
		return slices.ContainsFunc(c.own, func(table []string) bool {
			return beginsAs(names, table) || len(names) >= leastOwn && isPartOf(names, table)
		})
	}
	first, _, _ := bytes.Cut(text, newline)
	header := strings.TrimSuffix(string(first), "\r")
	for _, separator := range []string{",", "\t", ";"} {
		columns := strings.Split(strings.ReplaceAll(header, `"`, ""), separator)
		if slices.ContainsFunc(c.own, func(table []string) bool { return beginsAs(columns, table) }) {
			return true
		}
	}
	return false
}

func beginsAs(names, table []string) bool {
	return len(names) >= len(table) && slices.Equal(names[:len(table)], table)
}

// isPartOf reports whether names are the first of a table and some of the others, in order.
func isPartOf(names, table []string) bool {
	if names[0] != table[0] {
		return false
	}
	for _, column := range table {
		if len(names) > 0 && names[0] == column {
			names = names[1:]
		}
	}
	return len(names) == 0
}

// namesOfObject returns the names of the object that a text begins with, which are values that
// are no objects themselves; nil if any is.
func namesOfObject(text []byte) (names []string) {
	tokens := json.NewDecoder(bytes.NewReader(text))
	if _, err := tokens.Token(); err != nil {
		return nil
	}
	for tokens.More() {
		name, err := tokens.Token()
		if err != nil {
			return nil
		}
		var value json.RawMessage
		if err := tokens.Decode(&value); err != nil || value[0] == '{' {
			return nil
		}
		names = append(names, name.(string)) // the decoder takes nothing else for a name
	}
	return names
}

func (c *cutting) refuseOwn(*bufio.Reader, []byte) error {
	return &ForeignError{File: c.name, Looks: "what schtaskhunt itself wrote", Hint: "name the events it was made from"}
}

// sampleLines are how the files begin that schtaskhunt sample writes beside events: what is
// in them is no event, and who made the fleet need not be told.
var sampleLines = []string{
	`Sample data, made by "schtaskhunt sample`,
	"device,plant,root_process,depth,process_name,", "device,plant,depth,path,process_name,", "indicator,type,score,label,source,root_process\n",
	"channel,kind,device,task_name,root_process,", "channel,kind,period,jitter,altered,", "device,cause,name,root_process,root_guid,",
	"device,source_guid,source_logged,target_guid,",
}

func isOfSample(text []byte) bool {
	for _, line := range sampleLines {
		if bytes.HasPrefix(text, []byte(line)) {
			return true
		}
	}
	return false
}

func (c *cutting) refuseSample(*bufio.Reader, []byte) error {
	return &ForeignError{File: c.name, Looks: "what schtaskhunt sample wrote beside events", Hint: "name the events", Sample: true}
}
