package sample

import "strconv"

// appendSysmonJSON appends a flat JSON object: the event log's own fields, then
// Sysmon's, all of these as strings.
func appendSysmonJSON(dst []byte, e *Event) []byte {
	if e.Kind == LoggedEntry {
		return appendEntryJSON(dst, e)
	}
	dst = append(dst, `{"EventID":`...)
	dst = strconv.AppendUint(dst, uint64(e.Kind), 10)
	dst = append(dst, `,"Channel":"`+sysmonChannel+`","Computer":`...)
	dst = appendJSON(dst, e.Process.Device.Name)
	dst = append(dst, `,"TimeCreated":`...)
	dst = appendJSON(dst, systemTime(e.Recorded))
	dst = append(dst, `,"RecordNumber":"`...)
	dst = strconv.AppendUint(dst, e.Record, 10)
	dst = append(dst, '"')
	for _, f := range sysmonData(e) {
		dst = append(dst, ',')
		dst = appendJSON(dst, f.name)
		dst = append(dst, ':')
		dst = appendJSON(dst, f.value)
	}
	return append(dst, "}\n"...)
}

// appendSysmonXML appends the event as Splunk's XmlWinEventLog input renders it:
// one line, attributes in single quotes.
func appendSysmonXML(dst []byte, e *Event) []byte {
	if e.Kind == LoggedEntry {
		return appendEntryXML(dst, e)
	}
	id := strconv.Itoa(int(e.Kind))
	dst = append(dst, `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>`+
		`<Provider Name='Microsoft-Windows-Sysmon' Guid='{5770385f-c22a-43e0-bf4c-06f5698ffbd9}'/>`+
		`<EventID>`+id+`</EventID><Version>5</Version><Level>4</Level><Task>`+id+`</Task><Opcode>0</Opcode>`+
		`<Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime='`+systemTime(e.Recorded)+`'/><EventRecordID>`...)
	dst = strconv.AppendUint(dst, e.Record, 10)
	dst = append(dst, `</EventRecordID><Correlation/><Execution ProcessID='3180' ThreadID='4788'/>`+
		`<Channel>`+sysmonChannel+`</Channel><Computer>`...)
	dst = appendXML(dst, e.Process.Device.Name)
	dst = append(dst, `</Computer><Security UserID='S-1-5-18'/></System><EventData>`...)
	for _, f := range sysmonData(e) {
		dst = append(dst, "<Data Name='"+f.name+"'>"...)
		dst = appendXML(dst, f.value)
		dst = append(dst, "</Data>"...)
	}
	return append(dst, "</EventData></Event>\n"...)
}
