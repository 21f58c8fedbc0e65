package hunt

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/schtaskhunt/schtaskhunt/app/census"
)

// A task is one finding and one template whether a log has it in UTF-8 or a spreadsheet's
// export of the log in Windows-1252, and a device with such a name is one device.
func TestOneTaskInTwoEncodings(t *testing.T) {
	in8 := []string{
		`{"EventID":1,"Computer":"BÜRO-1","Channel":"Microsoft-Windows-Sysmon/Operational","UtcTime":"2026-11-20 09:00:01.000","ProcessGuid":"{A0000000-0000-0000-0000-000000000FA0}","ProcessId":"4000","Image":"C:\\Größe\\grö.exe","CommandLine":"C:\\Größe\\grö.exe /run","User":"NT AUTHORITY\\SYSTEM","ParentProcessId":"1404","ParentImage":"C:\\Windows\\System32\\svchost.exe","ParentCommandLine":"C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule","ParentProcessGuid":"{A0000000-0000-0000-0000-00000000057C}"}`,
		`{"EventID":3,"Computer":"BÜRO-1","Channel":"Microsoft-Windows-Sysmon/Operational","UtcTime":"2026-11-20 09:00:05.000","ProcessGuid":"{A0000000-0000-0000-0000-000000000FA0}","ProcessId":"4000","Image":"C:\\Größe\\grö.exe","User":"NT AUTHORITY\\SYSTEM","Protocol":"tcp","Initiated":"true","SourceIp":"10.0.0.5","SourcePort":"50005","DestinationIp":"185.220.44.10","DestinationPort":"443"}`,
	}
	var in1252 []string
	for _, line := range in8 {
		in1252 = append(in1252, strings.NewReplacer("ö", "\xf6", "ß", "\xdf", "Ü", "\xdc").Replace(line))
	}
	want := textOf(huntWith(t, in8, "", "output=findings"))
	if !utf8.ValidString(want) || !strings.Contains(want, "größe") {
		t.Fatalf("the finding is %q", want)
	}
	for name, lines := range map[string][]string{
		"Windows-1252": in1252, "the start in one": {in8[0], in1252[1]}, "the call in one": {in1252[0], in8[1]},
	} {
		if got := textOf(huntWith(t, lines, "", "output=findings")); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
	mine, other := censusFile(huntWith(t, in8, "", "output=census")), censusFile(huntWith(t, in1252, "", "output=census"))
	if mine != other || !strings.HasPrefix(mine, census.Header.Names[0]) {
		t.Errorf("the censuses differ:\n%s\n%s", mine, other)
	}
}
