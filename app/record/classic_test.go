package record

import (
	"errors"
	"strings"
	"testing"
)

const sampleClassic = `03/01/2024 02:15:47 AM
LogName=Microsoft-Windows-Sysmon/Operational
SourceName=Microsoft-Windows-Sysmon
EventCode=1
EventType=4
ComputerName=pc1.example.test
User=NOT_TRANSLATED
RecordNumber=8907
Keywords=None
Message=Process created:
RuleName: -
UtcTime: 2024-03-01 02:15:47.123
ProcessId: 4242
CommandLine: cmd.exe /c start "a=b: c"
User: NT AUTHORITY\SYSTEM
EventCode: 3
Channel: spoofed
`

var sampleClassicFields = map[string]string{
	"ClassicTime": "03/01/2024 02:15:47 AM", "Channel": "Microsoft-Windows-Sysmon/Operational",
	"SourceName": "Microsoft-Windows-Sysmon", "EventCode": "1", "EventType": "4", "Computer": "pc1.example.test",
	"RecordNumber": "8907", "Keywords": "None", "RuleName": "-", "UtcTime": "2024-03-01 02:15:47.123",
	"ProcessId": "4242", "CommandLine": `cmd.exe /c start "a=b: c"`, "User": `NT AUTHORITY\SYSTEM`,
}

func TestDecodeClassic(t *testing.T) {
	for name, text := range map[string]string{"LF": sampleClassic, "CRLF": strings.ReplaceAll(sampleClassic, "\n", "\r\n"), "BOM": "\xef\xbb\xbf" + sampleClassic} {
		t.Run(name, func(t *testing.T) {
			rec := New(allNames(sampleClassicFields))
			if err := Decode([]byte(text), rec); err != nil {
				t.Fatal(err)
			}
			checkFields(t, fields(rec), sampleClassicFields)
		})
	}
}

func TestDecodeClassicKeepsTheMessage(t *testing.T) {
	rec := New(NewNames("Message"))
	if err := DecodeClassic([]byte("1/2/2024\nLogName=Security\nMessage=one\ntwo"), rec); err != nil {
		t.Fatal(err)
	}
	checkFields(t, fields(rec), map[string]string{"Message": "one\ntwo"})
}

func TestDecodeMessageReadsIndentedKeys(t *testing.T) {
	rec := New(NewNames("New Process ID", "Account Name", "Creator Process Name", "Process Information"))
	DecodeMessage([]byte("A new process has been created.\r\n\r\nSubject:\r\n\tAccount Name:\t\tA$\r\n"+
		"Target Subject:\r\n\tAccount Name:\t\tB\r\n\r\nProcess Information:\r\n\tNew Process ID:\t\t0x1c30\r\n"+
		"\tCreator Process Name:\tC:\\a b.exe\r\n"), rec)
	checkFields(t, fields(rec), map[string]string{"New Process ID": "0x1c30", "Account Name": "A$", "Creator Process Name": `C:\a b.exe`})
}

func TestDecodeNamesWhatItDoesNotKnow(t *testing.T) {
	for _, text := range []string{"", "  \n", "hello", "12/12/2024", "12/12/2024 x\nlogname=x", "[1,2]", strings.Repeat("9", 100) + "\nLogName=x"} {
		err := Decode([]byte(text), New(NewNames("a")))
		if !errors.Is(err, ErrUnknownShape) || len(err.Error()) > 160 {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := Decode([]byte("\x00\x1b[31m"), New(NewNames())); strings.ContainsAny(err.Error(), "\x00\x1b") {
		t.Errorf("control characters reach the message: %q", err)
	}
}

func FuzzClassic(f *testing.F) {
	f.Add(sampleClassic)
	f.Add("1/2/2024\r\nLogName=a\r\nMessage=\r\n: x\r\na:\r\n=b")
	f.Fuzz(func(t *testing.T, text string) {
		for _, form := range manifests {
			if strings.Contains(text, form.title) {
				t.Skip("read by its form: see TestFormOfAMessage")
			}
		}
		want := classicOracle(text)
		rec := New(allNames(want))
		err := DecodeClassic([]byte(text), rec)
		if (err == nil) != (want != nil) {
			t.Fatalf("%q: error %v, oracle read %v", text, err, want)
		}
		checkFields(t, fields(rec), want)
	})
}

// classicOracle is DecodeClassic on lists of strings; nil for another shape.
func classicOracle(text string) map[string]string {
	lines := strings.Split(text, "\n")
	if len(lines) < 2 || len(lines[0]) >= longestDate || lines[0] == "" || !strings.Contains("0123456789", lines[0][:1]) || !strings.HasPrefix(lines[1], "LogName=") {
		return nil
	}
	got := map[string]string{}
	set := func(k, v string) {
		if got[k] == "" && v != "" {
			got[k] = v
		}
	}
	identity := map[string]string{"LogName": "Channel", "ComputerName": "Computer", "EventCode": "EventCode", "RecordNumber": "RecordNumber", "SourceName": "SourceName"}
	set("ClassicTime", strings.TrimSpace(lines[0]))
	header, message := lines[1:], []string(nil)
	for i, line := range header {
		if rest, found := strings.CutPrefix(line, "Message="); found {
			message = append([]string{rest}, header[i+1:]...)
			header = header[:i]
			break
		}
	}
	for _, line := range header {
		if k, v, found := strings.Cut(line, "="); found && identity[k] != "" {
			set(identity[k], strings.TrimSpace(v))
		}
	}
	set("Message", strings.Join(message, "\n"))
	for _, line := range message {
		if k, v, found := strings.Cut(line, ":"); found {
			set(strings.TrimSpace(k), strings.TrimSpace(v))
		}
	}
	for _, line := range header {
		if k, v, found := strings.Cut(line, "="); found && identity[k] == "" {
			set(k, strings.TrimSpace(v))
		}
	}
	for k, v := range got {
		if v == "" {
			delete(got, k)
		}
	}
	return got
}
