package definition_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"html"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/schtaskhunt/schtaskhunt/app/task/definition"
)

const backup = `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Date>2026-03-01T08:00:00</Date><Author>CORP\mira</Author><URI>\Acme\Backup</URI></RegistrationInfo>
  <Triggers>
    <TimeTrigger id="a>b"><Repetition><Interval>PT90M</Interval><StopAtDurationEnd>false</StopAtDurationEnd></Repetition>
      <StartBoundary>2026-03-01T09:00:00</StartBoundary><RandomDelay>PT30S</RandomDelay></TimeTrigger>
    <LogonTrigger><Enabled>false</Enabled><Delay>PT1M</Delay><UserId>CORP\mira</UserId></LogonTrigger>
    <CalendarTrigger><ScheduleByDay><DaysInterval>2</DaysInterval></ScheduleByDay></CalendarTrigger>
  </Triggers>
  <Principals><Principal id="Author"><UserId>S-1-5-18</UserId><RunLevel>HighestAvailable</RunLevel></Principal></Principals>
  <Settings><RestartOnFailure><Interval>PT1M</Interval><Count>3</Count></RestartOnFailure><Hidden>true</Hidden><Enabled>true</Enabled></Settings>
  <Actions Context="Author">
    <Exec><Command>"C:\Acme &amp; Co\b.exe"</Command><Arguments><![CDATA[/q "a<b"]]> -x</Arguments><WorkingDirectory>C:\Acme</WorkingDirectory></Exec>
    <t:ComHandler><ClassId>{0358B920-0AC7-461F-98F4-58E32CD89148}</ClassId><Data>$(Arg0)</Data></t:ComHandler>
    <Exec/>
  </Actions>
</Task>`

func checkBackup(t *testing.T, text []byte) {
	t.Helper()
	d, err := definition.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if d.URI != `\Acme\Backup` || d.Author != `CORP\mira` || d.Date != "2026-03-01T08:00:00" || d.User != "S-1-5-18" || !d.Highest || !d.Hidden || d.Disabled || d.Cut {
		t.Errorf("%+v", d)
	}
	if got, want := d.Trigger(), "time every 90m random 30s from 2026-03-01T09:00:00; logon delayed 1m (off); calendar every 2d"; got != want {
		t.Errorf("trigger is %q, want %q", got, want)
	}
	if period, jitter := d.Period(); period != 90*time.Minute || jitter != 30*time.Second {
		t.Errorf("period %s, jitter %s", period, jitter)
	}
	var actions []string
	for i := range d.Actions {
		actions = append(actions, d.Actions[i].Kind+": "+d.Actions[i].String())
	}
	want := `exec: "C:\Acme & Co\b.exe" /q "a<b" -x|comhandler: {0358B920-0AC7-461F-98F4-58E32CD89148} $(Arg0)|exec: `
	if got := strings.Join(actions, "|"); got != want {
		t.Errorf("actions are\n%s, want\n%s", got, want)
	}
}

// The same definition on all the ways that it comes.
func TestParse(t *testing.T) {
	quoted, err := json.Marshal(backup)
	if err != nil {
		t.Fatal(err)
	}
	units := utf16.Encode([]rune(backup))
	little, big := []byte{0xFF, 0xFE}, []byte{0xFE, 0xFF}
	for _, u := range units {
		little, big = binary.LittleEndian.AppendUint16(little, u), binary.BigEndian.AppendUint16(big, u)
	}
	for name, text := range map[string][]byte{
		"as it is": []byte(backup), "escaped": []byte(html.EscapeString(backup)), "escaped twice": []byte(html.EscapeString(html.EscapeString(backup))),
		"a JSON text": quoted, "UTF-16, low byte first": little, "UTF-16, high byte first": big, "UTF-16 without a mark": little[2:],
		"a mark and blanks before it": []byte("\ufeff \r\n" + backup), "line ends of Windows": []byte(strings.ReplaceAll(backup, "\n", "\r\n")),
	} {
		t.Run(name, func(t *testing.T) { checkBackup(t, text) })
	}
}

func TestParseJSON(t *testing.T) {
	d, err := definition.Parse([]byte(`{"Task":{"@version":"1.2","RegistrationInfo":{"URI":"\\A","Author":"me"},
		"Triggers":{"TimeTrigger":[{"Repetition":{"Interval":"PT5M"}},{"Enabled":false}],"BootTrigger":{}},
		"Settings":{"Hidden":true,"Enabled":"false"},
		"Actions":{"@Context":"Author","Exec":{"Command":"cmd.exe","Arguments":"/c \"x\""}}}}`))
	if err != nil || d.URI != `\A` || d.Author != "me" || !d.Hidden || !d.Disabled || len(d.Actions) != 1 || d.Actions[0].String() != `cmd.exe /c "x"` {
		t.Errorf("%+v, %v", d, err)
	}
	if got := d.Trigger(); got != "time every 5m; time (off); boot" {
		t.Errorf("trigger is %q", got)
	}
}

// Hostile texts cost a bounded amount, and are said to be what they are.
func TestParseHostile(t *testing.T) {
	exec := "<Exec><Command>x</Command></Exec>"
	for name, c := range map[string]struct {
		text string
		err  error // nil for any or none
		cut  bool
	}{
		"entities of its own":    {`<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Task><Actions><Exec><Command>&b;</Command></Exec></Actions></Task>`, definition.ErrDoctype, false},
		"a document elsewhere":   {`<!DOCTYPE t SYSTEM "file:///etc/passwd"><Task/>`, definition.ErrDoctype, false},
		"nothing":                {"", definition.ErrNoTask, false},
		"no task":                {"<Tusk><Actions><Exec><Command>x</Command></Exec></Actions></Tusk>", definition.ErrNoTask, false},
		"a tag without an end":   {"<Task><Actions", nil, false},
		"cut":                    {"<Task><Actions>" + exec + "<Exec><Command>y", nil, true},
		"too many actions":       {"<Task><Actions>" + strings.Repeat(exec, 100) + "</Actions></Task>", nil, true},
		"too long":               {"<Task><Actions>" + exec + strings.Repeat(" ", definition.MostBytes) + "</Actions></Task>", nil, true},
		"one value too long":     {"<Task><Actions><Exec><Command>" + strings.Repeat("x", 100<<10) + "</Command></Exec></Actions></Task>", nil, true},
		"deep":                   {"<Task>" + strings.Repeat("<a>", 1000), nil, false},
		"deep JSON":              {strings.Repeat(`{"Task":`, 1000) + "1" + strings.Repeat("}", 1000), nil, false},
		"escaped without an end": {"&amp;lt;" + html.EscapeString(html.EscapeString(html.EscapeString(html.EscapeString(backup)))), nil, false},
		"more ends than starts":  {"</Task></Task><Task><Actions>" + exec + "</Actions></Task>", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := definition.Parse([]byte(c.text))
			if c.err != nil && !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
			if d.Cut != c.cut {
				t.Errorf("cut is %t", d.Cut)
			}
			if len(d.Actions) > 32 || len(d.Actions) > 0 && len(d.Actions[0].Command) > 32<<10 {
				t.Errorf("%d actions", len(d.Actions))
			}
		})
	}
}

func TestUnknownEntityStaysText(t *testing.T) {
	d, err := definition.Parse([]byte(`<Task><Actions><Exec><Command>a&xxe;b&#x41;</Command></Exec></Actions></Task>`))
	if err != nil || d.Actions[0].Command != "a&xxe;bA" {
		t.Errorf("%+v, %v", d.Actions, err)
	}
}

func TestParseDuration(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"PT1M": time.Minute, "PT1H46M": 106 * time.Minute, "PT248M": 248 * time.Minute, "PT1320M": 22 * time.Hour, "P1D": day, "PT0S": 0,
		"P1M": 30 * day, "P1Y2M3DT4H5M6S": 365*day + 63*day + 4*time.Hour + 5*time.Minute + 6*time.Second, "PT0.5S": time.Second / 2, "P2W": 14 * day,
		"PT90000000000000000000H": 1<<63 - 1,
	} {
		if got, ok := definition.ParseDuration(text); !ok || got != want {
			t.Errorf("%s is %s (%t), want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "P", "PT", "1M", "PTM", "P1H", "PT1D", "-PT1M", "PT1", "PT1M ", "P1DT", "PT1.M1M", "PT.5S", "PT1H2"} {
		if d, ok := definition.ParseDuration(text); ok {
			t.Errorf("%q is taken for %s", text, d)
		}
	}
}

func TestSplit(t *testing.T) {
	all := definition.Split([]byte("<?xml version=\"1.0\"?>\r\n<Tasks>\r\n<!-- \\A -->\r\n<Task version=\"1.2\"><x/></Task>\r\n" +
		"<!-- \\B\\C -->\n<?xml version=\"1.0\"?>\n<Task><y/></Task><Task></Task></Tasks>"))
	var got []string
	for _, n := range all {
		got = append(got, n.Name+"="+string(n.Text))
	}
	if want := `\A=<Task version="1.2"><x/></Task>|\B\C=<Task><y/></Task>|=<Task></Task>`; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{backup, html.EscapeString(backup), `{"Task":{"Triggers":{"TimeTrigger":[{}]}}}`, "<!DOCTYPE", "<Task><![CDATA[", "\xff\xfe<\x00"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, _ := definition.Parse(text)
		for i := range d.Actions {
			d.Actions[i].Runs(`C:\x\a.exe`, d.Actions[i].String())
		}
		if len(d.Actions) > 32 || len(d.Triggers) > 48 {
			t.Fatalf("%d actions, %d triggers", len(d.Actions), len(d.Triggers))
		}
		_ = d.Trigger()
		definition.Split(text)
	})
}
