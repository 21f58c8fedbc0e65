package source

import (
	"bufio"
	"bytes"
	"fmt"
)

// accepted is what an error offers instead of a file that is no event log.
const accepted = "accepted are Windows event logs (.evtx), Sysmon events as XML, JSON or classic text, Defender events as JSON or CSV, " +
	"and Splunk's CSV export; plain, .gz, .zst or in a .zip or .tar"

// ForeignError says that a file is no event log.
type ForeignError struct {
	File  string
	Looks string // what it looks like
	Hint  string // what to do about it, if anything
	// Sample says that it is what a generated fleet has beside its events: a key or README.
	Sample bool
}

func (e *ForeignError) Error() string {
	if e.Hint != "" {
		return fmt.Sprintf("%s is not an event log: it looks like %s; %s", e.File, e.Looks, e.Hint)
	}
	return fmt.Sprintf("%s is not an event log: it looks like %s; %s", e.File, e.Looks, accepted)
}

// magic is how files of other kinds begin. Sources: the formats' specifications.
type magic struct {
	at          int
	bytes       string
	looks, hint string
}

const unpack = "unpack it first"

// nameZip is the way out for an archive that can only be read from its begin to its end:
// what its entries are stands at its end.
const nameZip = "unpack it first, or save it as a file of its own and name that"

var magics = []magic{
	{0, zipMagic, "a ZIP archive within a file or stream (an Excel file is one, too)", nameZip},
	{0, emptyZipMagic, "a ZIP archive within a file or stream, with nothing in it", nameZip},
	{0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive", unpack},
	{0, "Rar!\x1a\x07", "a RAR archive", unpack},
	{0, "BZh", "a bzip2 file", unpack},
	{0, "\xfd7zXZ\x00", "an xz file", unpack},
	{tarMagicAt, tarMagic, "a tar archive within another", unpack},
	{0, gzipMagic, "a gzip file inside a compressed file", unpack},
	{0, zstdMagic, "a zstd file inside a compressed file", unpack},
	{0, "\x89PNG\r\n\x1a\n", "a PNG image", ""},
	{0, "\xff\xd8\xff", "a JPEG image", ""},
	{0, "GIF8", "a GIF image", ""},
	{0, "%PDF-", "a PDF document", ""},
	{0, "MZ", "a Windows program", ""},
	{0, "\x7fELF", "a Linux program", ""},
	{0, "SQLite format 3\x00", "an SQLite database", ""},
	{4, "LfLe", "an event log of Windows XP or 2003 (.evt)", "Sysmon and today's Task Scheduler write none: give the .evtx logs of the device"},
	{0, "PAR1", "a Parquet file", "convert it to CSV or JSON lines first"},
}

// foreign recognises a file of another kind by how it begins; nil for none.
func foreign(name string, head []byte) error {
	for _, m := range magics {
		if len(head) >= m.at+len(m.bytes) && string(head[m.at:m.at+len(m.bytes)]) == m.bytes {
			return &ForeignError{File: name, Looks: m.looks, Hint: m.hint}
		}
	}
	return nil
}

// phrases are what the lines of logs have in them that are made of events and are of no
// use any more. Sources: the formats' specifications (ArcSight, IBM, Snare).
var phrases = []struct{ text, looks, hint string }{
	{"CEF:0|", "events in CEF", "it has no field for a parent's command line: export the events as XML or JSON from before they became CEF"},
	{"CEF:1|", "events in CEF", "it has no field for a parent's command line: export the events as XML or JSON from before they became CEF"},
	{"LEEF:1.0|", "events in LEEF", "it has no field for a parent's command line: export the events as XML or JSON from before they became LEEF"},
	{"LEEF:2.0|", "events in LEEF", "it has no field for a parent's command line: export the events as XML or JSON from before they became LEEF"},
	{"MSWinEventLog", "events in Snare's format", "its values have no names: export the events as XML, e.g. wevtutil qe Microsoft-Windows-Sysmon/Operational /f:RenderedXml"},
	{"SourceModuleType=", "NXLog's lines of keys and values", "call to_json() in NXLog's output, or export the events as XML"},
	{"http://schemas.microsoft.com/windows/2004/02/mit/task", "the definition of a task", "schtaskhunt tasks lists it"},
	{`<Object Type="System.Diagnostics.Eventing`, "objects of PowerShell (ConvertTo-Xml)", toXML},
	{"\tMicrosoft-Windows-Sysmon\t", "Event Viewer's list as text", eventViewer},
}

const listHint = "it breaks long values and may not name the device: write the events with ConvertTo-Json, or save the log as .evtx"

// isFormatList reports whether a text has lines as PowerShell's Format-List writes them of
// events: a property's name, blanks up to a column that all share, a colon.
func isFormatList(head []byte) bool {
	found := 0
	for _, name := range []string{"TimeCreated", "ProviderName", "Message", "Id", "MachineName", "LogName"} {
		for line := range bytes.Lines(head) {
			after, is := bytes.CutPrefix(line, []byte(name))
			if value := bytes.TrimLeft(after, " "); is && len(value) < len(after) && bytes.HasPrefix(value, []byte(": ")) {
				found++
				break
			}
		}
	}
	return found > 1
}

// isRuby reports whether a text is an object as Logstash prints it for people.
func isRuby(text []byte) bool {
	if len(text) == 0 || text[0] != '{' {
		return false
	}
	key := bytes.TrimLeft(text[1:], space)
	const longestKey = 80
	at := bytes.Index(key[:min(len(key), longestKey)], []byte(`" => `))
	return at > 0 && key[0] == '"' && bytes.IndexByte(key[1:at], '"') < 0
}

func (c *cutting) refuseRuby(*bufio.Reader, []byte) error {
	return &ForeignError{File: c.name, Looks: "objects as Logstash prints them (rubydebug)", Hint: "set codec => json_lines in its output"}
}

// beginnings are how texts begin that hold events, or should, in a form that they cannot be
// read from, in lower case.
var beginnings = []struct{ text, looks, hint string }{
	{"<objects>", "objects of PowerShell (ConvertTo-Xml)", toXML},
	{"<objs ", "objects of PowerShell (Export-Clixml)", toXML},
	{"<html", "a web page", "an export that was answered with a page has no events in it: export again"},
	{"<!doctype html", "a web page", "an export that was answered with a page has no events in it: export again"},
	{"event[0]", "wevtutil's text in another language than English", "export the events as XML: wevtutil qe LOG /f:xml"},
	{"{'", "objects as Python prints them", "write them with json.dumps"},
	{"[{'", "objects as Python prints them", "write them with json.dumps"},
	{"level\tdate and time", "Event Viewer's list as text", eventViewer},
	{"level,date and time", "Event Viewer's list as CSV", eventViewer},
	{"keywords\tdate and time", "Event Viewer's list as text", eventViewer},
	{"keywords,date and time", "Event Viewer's list as CSV", eventViewer},
	{"ebene\tdatum und uhrzeit", "Event Viewer's list as text", eventViewer},
	{"ebene,datum und uhrzeit", "Event Viewer's list as CSV", eventViewer},
	{"niveau\tdate et heure", "Event Viewer's list as text", eventViewer},
	{"niveau,date et heure", "Event Viewer's list as CSV", eventViewer},
}

const toXML = "write the events as XML instead: ForEach-Object { $_.ToXml() }"

const eventViewer = "it does not say of which device the events are: save them as .evtx or as XML"

// known names what a text is that holds events and cannot be read; nil for none.
func known(name string, head []byte) error {
	const longest = 64
	begin := bytes.TrimLeft(head, space)
	begin = bytes.ToLower(begin[:min(len(begin), longest)])
	for _, b := range beginnings {
		if bytes.HasPrefix(begin, []byte(b.text)) {
			return &ForeignError{File: name, Looks: b.looks, Hint: b.hint}
		}
	}
	if isFormatList(head) {
		return &ForeignError{File: name, Looks: "a list of PowerShell's (Format-List)", Hint: listHint}
	}
	for _, p := range phrases {
		if bytes.Contains(head, []byte(p.text)) {
			return &ForeignError{File: name, Looks: p.looks, Hint: p.hint}
		}
	}
	columns := headless(head)
	switch {
	case columns < wordyColumns && bytes.Contains(head, []byte(",Microsoft-Windows-Sysmon,")):
		return &ForeignError{File: name, Looks: "Event Viewer's list as CSV", Hint: eventViewer}
	case columns > 0:
		return &ForeignError{File: name, Looks: "a table without a header: its first line names no column that is known", Hint: headlessHint}
	}
	return nil
}

// unknown describes a file that is of no kind that can be read.
func unknown(name string, head []byte) error {
	if err := known(name, head); err != nil {
		return err
	}
	looks := "plain text"
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\f' && c != 0x1b {
			looks = "binary data"
			break
		}
	}
	return &ForeignError{File: name, Looks: fmt.Sprintf("%s that begins with %q", looks, head[:min(len(head), 40)])}
}
