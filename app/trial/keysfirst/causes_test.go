package keysfirst_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

var installingColumns = []string{
	"EventCode", "Channel", "Computer", "UtcTime", "EventRecordID", "ProcessGuid", "ProcessId", "Image", "CommandLine", "User", "ParentProcessGuid", "ParentProcessId", "ParentImage", "ParentCommandLine",
	"ServiceName", "ImagePath", "ServiceFileName", "ClientProcessId", "Operation", "Name", "Type", "Destination", "Consumer", "Filter", "TimeCreated",
}

// installingWorld returns rows of a device on which services and subscriptions are installed
// and run, with process ids that come again, in no order.
func installingWorld(seed uint64) (rows [][]string) {
	r := rand.New(rand.NewPCG(seed, 11))
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	add := func(fields map[string]string) {
		one := make([]string, len(installingColumns))
		for i, c := range installingColumns {
			one[i] = fields[c]
		}
		rows = append(rows, one)
	}
	record := 0
	base := func(id, channel string) map[string]string {
		record++
		at := fmt.Sprintf("2026-11-10 10:%02d:%02d.000", r.IntN(4), r.IntN(60))
		return map[string]string{"EventCode": id, "Channel": channel, "Computer": fmt.Sprint("PC", seed), "UtcTime": at, "TimeCreated": strings.Replace(at, " ", "T", 1) + "Z", "EventRecordID": fmt.Sprint(record)}
	}
	runs := func() string {
		return pick(`C:\a b\s.exe -k`, `C:\t\s.exe`, `%SystemRoot%\s.exe`, `cmd.exe /c echo 1`)
	}
	for range 40 + r.IntN(60) {
		switch r.IntN(8) {
		case 0:
			f := base("7045", "System")
			f["ServiceName"], f["ImagePath"] = pick("One", "Two"), runs()
			add(f)
		case 1:
			f := base("4697", "Security")
			f["ServiceName"], f["ServiceFileName"], f["ClientProcessId"] = pick("One", "Two"), runs(), pick("1", "2", "3", "0x4", "0")
			add(f)
		case 2:
			f := base("20", worlds.SysmonChannel)
			f["Operation"], f["Name"], f["Type"], f["Destination"] = pick("Created", "Created", "Deleted"), pick(` "Ticker"`, "Other"), pick("Command Line", "Script"), runs()
			add(f)
			f = base("21", worlds.SysmonChannel)
			f["Operation"], f["Consumer"], f["Filter"] = "Created", ` "\\\\.\\ROOT\\subscription:CommandLineEventConsumer.Name=\"Ticker\""`, ` "\\\\.\\ROOT\\subscription:__EventFilter.Name=\"F\""`
			add(f)
		default:
			f := base("1", worlds.SysmonChannel)
			f["ProcessGuid"], f["ProcessId"] = fmt.Sprintf("{5aa6c7d6-%04x-6400-1000-%012x}", seed, record), fmt.Sprint(1+r.IntN(9))
			f["Image"], f["CommandLine"] = `C:\Windows\System32\cmd.exe`, `cmd.exe /c echo 1`
			switch r.IntN(5) {
			case 0:
				f["CommandLine"] = `sc create ` + pick("One", "Two") + ` binPath= "` + runs() + `"`
			case 1:
				f["CommandLine"] = `powershell -c Set-WmiInstance -Class CommandLineEventConsumer @{Name='Ticker'}`
			case 2:
				f["Image"], f["CommandLine"] = `C:\a b\s.exe`, `"C:\a b\s.exe" -k`
			case 3:
				f["Image"], f["CommandLine"] = `C:\Windows\s.exe`, `C:\Windows\s.exe`
			}
			f["ParentProcessGuid"], f["ParentProcessId"] = fmt.Sprintf("{5aa6c7d6-%04x-6400-1000-%012x}", seed, 1+r.IntN(100)), "99"
			f["ParentImage"] = pick(`C:\Windows\System32\services.exe`, `C:\Windows\System32\wbem\WmiPrvSE.exe`, `C:\Windows\System32\wbem\scrcons.exe`, `C:\Windows\explorer.exe`, `C:\Windows\explorer.exe`, `C:\x\y.exe`)
			f["ParentCommandLine"] = f["ParentImage"]
			add(f)
		}
	}
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

// Causes are the same whether rows are read for their keys first or in full at once, and most
// rows need not be read again.
func TestCausesWithKeysFirst(t *testing.T) {
	causes, makers, all, again := 0, 0, 0, 0
	hunts := rounds.Of(12, 4)
	for hunt := range hunts {
		file := filepath.Join(t.TempDir(), "installs.csv")
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		w := csv.NewWriter(f)
		err = w.Write(installingColumns)
		for world := range 20 {
			err = errors.Join(err, w.WriteAll(installingWorld(uint64(20*hunt+world))))
		}
		if err = errors.Join(err, w.Error(), f.Close()); err != nil {
			t.Fatal(err)
		}
		found, events, read := doors.SameTwice(t, "recent=all max_devices=0 rarity="+[]string{"command", "template"}[hunt%2]+" root=service,wmi", file)
		if t.Failed() {
			t.Fatalf("hunt %d", hunt)
		}
		all, again = all+events, again+read
		for _, r := range doors.CausesOf(t, found.Rows) {
			if causes++; r.Get("parent_process_guid") != "" {
				makers++
			}
			if r.Kind != row.Causes || r.Get("cause_certainty") == "" || r.Get("cause_events") == "" || r.Get("cause_name") == "" {
				t.Errorf("a cause that does not say all: %v", r.Values)
			}
		}
	}
	t.Logf("%d causes, %d with their maker; %d of %d rows read again", causes, makers, again, all)
	if causes < 17*hunts || makers < 5*hunts || makers == causes || again > all*8/10 {
		t.Errorf("%d causes, %d makers, %d of %d rows read again: these worlds test little", causes, makers, again, all)
	}
}
