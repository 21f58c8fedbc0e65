package worlds

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// CrowdedColumns are what the events of crowdedWorld have.
var CrowdedColumns = []string{
	"EventCode", "Computer", "UtcTime", "EventRecordID", "ProcessGuid", "ProcessId", "Image", "CommandLine", "User",
	"ParentProcessGuid", "ParentProcessId", "ParentImage", "ParentCommandLine", "SourceIp", "DestinationIp", "DestinationPort", "QueryName", "Initiated",
}

// Crowded returns rows of events on a few devices, in which few values come again
// and again, and many are missing.
func Crowded(seed uint64) [][]string {
	r := rand.New(rand.NewPCG(seed, 7))
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	ids := 3 + r.IntN(60)
	guid := func(none float64) string {
		if r.Float64() < none {
			if seed%6 == 0 && r.IntN(3) == 0 {
				return "odd"
			}
			return pick("{00000000-0000-0000-0000-000000000000}", "", "-")
		}
		id := fmt.Sprintf("{5aa6c7d6-0000-6400-1000-00000000%04x}", r.IntN(ids))
		if r.IntN(8) == 0 {
			id = strings.ToUpper(strings.Trim(id, "{}"))
		}
		return id
	}
	lost := []float64{0, 0, 0.02, 0.3}[r.IntN(4)]
	image := func() string {
		return pick(`C:\Windows\System32\svchost.exe`, `C:\Windows\System32\cmd.exe`, `C:\x\a.exe`, `C:\Windows\System32\taskeng.exe`,
			`C:\Windows\System32\services.exe`, `C:\Windows\explorer.exe`, `C:\j\java.exe`, "<unknown process>", "", "-")
	}
	command := func() string {
		return pick(`C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`, `svchost.exe -k netsvcs -p -s Winmgmt`, "svchost.exe -k netsvcs",
			"a.exe -x", "java catalina", "explorer.exe /NoUACCheck", "cmd /c \"a,b\"\nc", "", "-", "cmd.exe")
	}
	device := func() string {
		name := pick("A", "a", "b.corp", "B.corp", "C", "C", "C", "C", "C", "")
		if name == "" {
			return ""
		}
		name = fmt.Sprint(name, seed)
		if seed%5 == 0 { // a machine under several names
			name += pick("", "", ".x.example", ".x.example.", ".Y.example"[:r.IntN(2)*10])
		}
		return name
	}
	clock := func() string {
		day, second := 10+r.IntN(3)*r.IntN(2), r.IntN(20)
		switch {
		case seed%7 != 0 || r.IntN(6) > 0:
			return fmt.Sprintf("2026-11-%02d 10:00:%02d.000", day, second)
		case r.IntN(4) == 0:
			return fmt.Sprintf("00:%02d.0", second) // what a spreadsheet leaves of it
		}
		return fmt.Sprintf("11/%02d/2026 10:00:%02d", day, second)
	}
	parent := func(text string) string { // Sysmon loses all of a service but its process id
		if seed%4 == 0 && r.IntN(3) == 0 {
			return pick("-", "")
		}
		return text
	}
	var rows [][]string
	for range 2 + r.IntN(60) {
		if len(rows) > 0 && r.IntN(12) == 0 {
			rows = append(rows, rows[r.IntN(len(rows))])
			continue
		}
		rows = append(rows, []string{
			pick("1", "1", "1", "1", "3", "3", "5", "22", "7"), device(),
			clock(), pick("", "", "", "1", "2", fmt.Sprint(r.IntN(1000))),
			guid(lost), pick("1", "2", fmt.Sprint(r.IntN(40)), fmt.Sprint(r.IntN(400)), "0x1f", "1.0"), image(), command(), pick("u", "", "v"),
			guid(2 * lost), pick("1", "2", "", fmt.Sprint(r.IntN(40))), parent(pick(image(), "")), parent(pick(command(), "")),
			pick("10.0.0.1", "10.0.0.1", "", "-"), pick("9.9.9.9", "10.1.1.1", "8.8.8.8", "8.8.8.8", "", "host"), pick("443", "80", "135", "445", "5985", ""), pick("a.example", "b.example", ""), pick("true", "false", "false", "", "-"),
		})
	}
	return rows
}
