package sample

import "strconv"

// Entry is an event of another log than the sensor's, as the event log keeps it.
type Entry struct {
	ID       int
	Version  int
	Channel  string
	Provider string
	GUID     string // of the provider
	Name     string // attribute Name of EventData; "" where the provider gives none
	Activity string // Correlation/@ActivityID; "" where there is none
	Writer   uint32 // Execution/@ProcessID: the process that wrote it
	UserID   string // Security/@UserID; "" where there is none
	Data     []Datum
}

// Datum is one named value of EventData.
type Datum struct{ Name, Value string }

// appendEntryJSON appends the entry as agents write it that lay System and EventData
// side by side in one flat object.
func appendEntryJSON(dst []byte, e *Event) []byte {
	n := e.Entry
	o := object{append(dst, '{')}
	o.number("EventID", uint64(n.ID))
	o.text("Channel", n.Channel)
	o.text("SourceName", n.Provider)
	o.text("Computer", e.Process.Device.Name)
	o.text("TimeCreated", systemTime(e.Recorded))
	o.text("RecordNumber", strconv.FormatUint(e.Record, 10))
	o.number("ExecutionProcessID", uint64(n.Writer))
	if n.Activity != "" {
		o.text("ActivityID", n.Activity)
	}
	for _, d := range n.Data {
		o.text(d.Name, d.Value)
	}
	return append(o.b, "}\n"...)
}

// appendEntryXML appends the entry as Splunk's XmlWinEventLog input renders it.
func appendEntryXML(dst []byte, e *Event) []byte {
	n := e.Entry
	dst = append(dst, `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='`+n.Provider+`' Guid='`+n.GUID+`'/>`+
		`<EventID>`+strconv.Itoa(n.ID)+`</EventID><Version>`+strconv.Itoa(n.Version)+`</Version><Level>4</Level><Task>`+strconv.Itoa(n.ID)+`</Task><Opcode>0</Opcode>`+
		`<Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime='`+systemTime(e.Recorded)+`'/><EventRecordID>`...)
	dst = strconv.AppendUint(dst, e.Record, 10)
	dst = append(dst, `</EventRecordID>`+attribute("Correlation", "ActivityID", n.Activity)+
		`<Execution ProcessID='`+number(n.Writer)+`' ThreadID='5212'/><Channel>`+n.Channel+`</Channel><Computer>`...)
	dst = appendXML(dst, e.Process.Device.Name)
	dst = append(dst, `</Computer>`+attribute("Security", "UserID", n.UserID)+`</System>`+attributeOpen("EventData", "Name", n.Name)...)
	for _, d := range n.Data {
		dst = append(dst, "<Data Name='"+d.Name+"'>"...)
		dst = appendXML(dst, d.Value)
		dst = append(dst, "</Data>"...)
	}
	return append(dst, "</EventData></Event>\n"...)
}

// attribute is an empty element, with the attribute where that has a value.
func attribute(element, name, value string) string {
	if value == "" {
		return "<" + element + "/>"
	}
	return "<" + element + " " + name + "='" + value + "'/>"
}

func attributeOpen(element, name, value string) string {
	if value == "" {
		return "<" + element + ">"
	}
	return "<" + element + " " + name + "='" + value + "'>"
}
