package hunt

import (
	"strings"
	"testing"
)

// Of four tasks that are equally rare, one runs a program of Windows' own that no other task
// of the fleet runs, one a vendor's, one calls an address that nobody looked up, and one calls
// nothing.
func TestRareToolAddressAndQuiet(t *testing.T) {
	l := &logLines{}
	for n := range 30 {
		l.benign(n)
	}
	const device = "WS0007.corp.example"
	at := dayBegins + 6*day + 5000
	tool, vendor, bare, quiet := `certutil.exe -verifyctl a`, `C:\Program Files\Omega\sync.exe /a`, `C:\Program Files\Omega\send.exe /b`, `C:\Program Files\Omega\idle.exe /c`
	call := func(image, line, host string) {
		id := l.task(device, at, image, line)
		if at += 500; host != "" {
			l.call(device, at, image, id, host, "203.0.113.9")
		}
	}
	call(sys+"certutil.exe", tool, "a.omega.example")
	call(`C:\Program Files\Omega\sync.exe`, vendor, "b.omega.example")
	id := l.task(device, at, `C:\Program Files\Omega\send.exe`, bare)
	l.write(3, device, at+5, map[string]any{"ProcessGuid": id, "ProcessId": "1", "Image": `C:\Program Files\Omega\send.exe`, "Protocol": "tcp", "Initiated": "true",
		"DestinationIp": "198.51.100.77", "DestinationPort": "443", "SourceIp": "10.0.0.9", "SourcePort": "40001"})
	call(`C:\Program Files\Omega\idle.exe`, quiet, "")

	rows := byRoot(huntLines(t, l.lines, 1, "output=findings"))
	shows := map[string]string{tool: "tool +", bare: "address +", quiet: "half, as nothing was called"}
	for _, line := range []string{tool, vendor, bare, quiet} {
		own, there := rows[line]
		if !there {
			t.Fatalf("%s is in none of %d findings", line, len(rows))
		}
		for of, says := range shows {
			if got := strings.Contains(own.Get("why"), says); got != (of == line) {
				t.Errorf("%s: says %q: %t\n%s", line, says, got, own.Get("why"))
			}
		}
	}
	// On a device that logs no lookups, and where nothing is logged of connections, neither
	// tells anything.
	var silent []string
	for _, line := range l.lines {
		if !strings.Contains(line, device) || strings.Contains(line, `"EventID":1,`) {
			silent = append(silent, line)
		}
	}
	for _, r := range huntLines(t, silent, 1, "output=findings") {
		if why := r.Get("why"); strings.Contains(why, "half, as") || strings.Contains(why, "address +") {
			t.Errorf("%s: %s", r.Get("root_process"), why)
		}
	}
}
