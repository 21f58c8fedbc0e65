package source

import (
	"fmt"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// What Event Viewer saves has the names of Get-WinEvent, and its file's where it shows no
// computer.
func TestEventViewersTables(t *testing.T) {
	names := record.NewNames("TimeCreated", "ProviderName", "Id", "MachineName", "Message", "LogName")
	const message = "\"Process Create:\r\nImage: C:\\a, b.exe\r\nUser: \"\"x\"\"\""
	for text, want := range map[string]string{
		"Level,Date and Time,Source,Event ID,Task Category\r\nInformation,11/20/2026 9:00:01 AM,P,1,T (rule: T)," + message + "\r\n":                                 "11/20/2026 9:00:01 AM|P|1|desk 7|",
		"Level\tDate and Time\tSource\tEvent ID\tTask Category\r\nInformation\t11/20/2026 9:00:01 AM\tP\t1\tT, t\t" + message + "\r\n":                               "11/20/2026 9:00:01 AM|P|1|desk 7|",
		"Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie,Computer,Protokoll\r\nInformationen,20.11.2026 09:00:01,P,1,T,c.example,L," + message + "\r\n": "20.11.2026 09:00:01|P|1|c.example|L",
	} {
		notes, n := &Notes{}, 0
		rec := record.New(names)
		unnamed := func(columns []string) string {
			if strings.Contains(strings.Join(columns, " "), "MachineName") {
				return ""
			}
			return "MachineName"
		}
		_, err := (Source{Notes: notes, Unnamed: unnamed}).EachIn("saved/desk 7.csv", strings.NewReader(text), func(e Event) error {
			n++
			if err := e.Fill(rec); err != nil {
				return err
			}
			get := func(name string) string { return string(rec.Get(names.Slot(name))) }
			if got := strings.Join([]string{get("TimeCreated"), get("ProviderName"), get("Id"), get("MachineName"), get("LogName")}, "|"); got != want || e.Line() != 2 {
				t.Errorf("line %d of %q: %q, want %q", e.Line(), text, got, want)
			}
			if !strings.HasPrefix(get("Message"), "Process Create:\r\nImage: C:\\a, b.exe") || !strings.HasSuffix(get("Message"), `User: "x"`) {
				t.Errorf("%q: the message is %q", text, get("Message"))
			}
			return nil
		})
		if err != nil || n != 1 {
			t.Errorf("%q: %d events, %v", text, n, err)
		}
		told := fmt.Sprint(notes.Lines(false))
		if strings.Contains(want, "|desk 7|") != strings.Contains(told, "name no device (1, first on line 2)") {
			t.Errorf("%q: told is %s", text, told)
		}
	}
}
