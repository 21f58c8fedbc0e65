package source

import (
	"bufio"
	"bytes"
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
