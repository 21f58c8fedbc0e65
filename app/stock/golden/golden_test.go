package golden

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/schtaskhunt/schtaskhunt/app/stock"
)

func taskXML(uri, command, arguments string) string {
	return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><RegistrationInfo><URI>` + uri + `</URI></RegistrationInfo>
<Principals><Principal><UserId>S-1-5-18</UserId></Principal></Principals><Settings><Hidden>true</Hidden></Settings>
<Triggers><TimeTrigger><Repetition><Interval>PT90M</Interval></Repetition></TimeTrigger></Triggers>
<Actions><Exec><Command>` + command + `</Command><Arguments>` + arguments + `</Arguments></Exec></Actions></Task>`
}

func utf16Text(text string) []byte {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return out
}

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestFolder: files as Windows keeps them, exports, and what is neither.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "Acme", "Inventory"), utf16Text(taskXML(`\Acme\Inventory`, `C:\Program Files\Acme\inv.exe`, "/daily")))
	write(t, filepath.Join(dir, "Acme", "Nameless.xml"), []byte(taskXML("", `%windir%\system32\gpupdate.exe`, "/target:computer")))
	write(t, filepath.Join(dir, "readme.txt"), []byte("no tasks here\n"))
	write(t, filepath.Join(dir, "broken.xml"), []byte(taskXML(`\B`, `C:\b.exe`, "")[:300]))
	rows, wrong := Read(dir)
	if len(rows) != 2 || len(wrong) != 2 {
		t.Fatalf("%+v\n%v", rows, wrong)
	}
	for _, err := range wrong {
		if !strings.Contains(err.Error(), "readme.txt") && !strings.Contains(err.Error(), "broken.xml") {
			t.Error(err)
		}
	}
	want := stock.Row{Task: `\Acme\Inventory`, Seen: "Inventory", Account: "S-1-5-18", Hidden: true, Action: `"C:\Program Files\Acme\inv.exe" /daily`, Triggers: rows[0].Triggers, Period: "PT1H30M"}
	if r := rows[0]; r.Task != want.Task || r.Seen != want.Seen || r.Account != want.Account || r.Action != want.Action || r.Period != want.Period || !r.Hidden {
		t.Errorf("%+v", r)
	}
	if rows[1].Task != `\Acme\Nameless` {
		t.Errorf("the name of a definition without one: %q", rows[1].Task)
	}
}

// TestQuery: the answer of schtasks has the names in comments.
func TestQuery(t *testing.T) {
	file := filepath.Join(t.TempDir(), "all.xml")
	one := strings.TrimPrefix(taskXML("", `C:\a.exe`, ""), `<?xml version="1.0" encoding="UTF-16"?>`)
	write(t, file, utf16Text(`<?xml version="1.0" encoding="UTF-16"?><Tasks><!-- \A -->`+one+`<!-- \F\B -->`+one+`</Tasks>`))
	rows, wrong := Read(file)
	if len(wrong) > 0 || len(rows) != 2 || rows[0].Task != `\A` || rows[1].Task != `\F\B` {
		t.Errorf("%+v %v", rows, wrong)
	}
}

func TestAutoruns(t *testing.T) {
	file := filepath.Join(t.TempDir(), "autoruns.csv")
	write(t, file, utf16Text("Time,Entry Location,Entry,Enabled,Category,Profile,Description,Signer,Company,Image Path,Version,Launch String\r\n"+
		"x,Task Scheduler,,,Tasks,,,,,,,\r\n"+
		`x,Task Scheduler,\Acme\Inv,enabled,Tasks,System-wide,,,,C:\Program Files\Acme\inv.exe,1,"""C:\Program Files\Acme\inv.exe"" /daily"`+"\r\n"+
		`x,HKLM\Run,Agent,enabled,Logon,System-wide,,,,C:\agent.exe,1,C:\agent.exe`+"\r\n"+
		`x,Task Scheduler,\Lost,enabled,Tasks,System-wide`+"\r\n"))
	rows, wrong := Read(file)
	if len(rows) != 1 || rows[0].Task != `\Acme\Inv` || rows[0].Action != `"C:\Program Files\Acme\inv.exe" /daily` {
		t.Errorf("%+v", rows)
	}
	if len(wrong) != 1 || !strings.Contains(wrong[0].Error(), `\Lost`) || !strings.Contains(wrong[0].Error(), "line 5") {
		t.Error(wrong)
	}
	if _, x := stock.Windows().Extend(rows); x.Added != 1 {
		t.Errorf("%+v", x)
	}
}

func TestNothingThere(t *testing.T) {
	if rows, wrong := Read(filepath.Join(t.TempDir(), "none")); len(rows) > 0 || len(wrong) != 1 {
		t.Error(rows, wrong)
	}
}

func TestISODuration(t *testing.T) {
	for d, want := range map[time.Duration]string{90 * time.Minute: "PT1H30M", 24 * time.Hour: "P1D", 26*time.Hour + time.Second: "P1DT2H1S"} {
		if is := isoDuration(d); is != want {
			t.Errorf("%v: %s", d, is)
		}
	}
}
