package trial_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/standin"
)

func TestGetInfoOfTheReduceHalf(t *testing.T) {
	info := serve(t, nil).info
	if info.Type != "reporting" || info.Error != "" || info.Finished {
		t.Errorf("info is %+v", info)
	}
	for _, field := range []string{"_time", "_raw", "host", "source", "sourcetype", "ProcessGuid", "properties.ProcessId"} {
		if !slices.Contains(info.RequiredFields, field) {
			t.Errorf("%s is not among the required fields", field)
		}
	}
	if slices.Contains(info.RequiredFields, "_chunked_idx") {
		t.Error("splunkd's own row number is asked for")
	}
	lean := serve(t, []string{"raw=f"}).info.RequiredFields
	if slices.Contains(lean, "_raw") || !slices.Contains(lean, "_time") || len(lean) != len(info.RequiredFields)-1 {
		t.Errorf("raw=f asks for %d fields, raw=t for %d: want all but _raw", len(lean), len(info.RequiredFields))
	}
}

// The preop is run by splunkd as it stands: it has to make a map half.
func TestPreopMakesAMapHalf(t *testing.T) {
	args := []string{"recent=2d", `allow_command=a "quoted" \ thing,*x`, "raw=f"}
	preop := serve(t, args).info.StreamingPreop
	tokens, _, err := standin.Tokenize(preop)
	if err != nil || len(tokens) < 2 || tokens[0] != "schtaskhunt" {
		t.Fatalf("preop %s: %q, %v", preop, tokens, err)
	}
	info := serve(t, tokens[1:]).info
	if info.Type != "streaming" || info.StreamingPreop != "" || info.Error != "" || slices.Contains(info.RequiredFields, "_raw") {
		t.Errorf("preop %s gives %+v", preop, info)
	}
	if off := serve(t, args, withoutMap()).info; off.StreamingPreop != "" || off.Type != "reporting" {
		t.Errorf("with the map half off: %+v", off)
	}
}

func TestWrongOptionsEndTheSearchAtGetInfo(t *testing.T) {
	for _, c := range []struct{ option, wants string }{
		{"max_device=5", `max_device|max_devices`},
		{"max_devices=many", "max_devices|many"},
		{"recent=1 fortnight", "recent|1 fortnight"},
		{"internal=maybe", "internal|maybe|exclude|include|only"},
		{"root=/(/", "root|/(/"},
		{"allow_dest=10.0.0.0/99", "allow_dest|10.0.0.0/99"},
		{"now=yesterdayish", "now|yesterdayish"},
		{"loose", "loose"},
	} {
		run := serve(t, []string{c.option}, withBodies([]byte("_raw\nx\n")))
		if run.info.Error == "" || !run.info.Finished || len(run.replies) != 0 {
			t.Errorf("%s: %+v, then %d replies", c.option, run.info, len(run.replies))
		}
		for _, word := range strings.Split(c.wants, "|") {
			if !strings.Contains(run.info.Error, word) {
				t.Errorf("%s: error %q does not name %q", c.option, run.info.Error, word)
			}
		}
	}
	contradiction := serve(t, []string{"recent=2d", "lookback=1d"}).info.Error
	if !strings.Contains(contradiction, "recent") || !strings.Contains(contradiction, "lookback") {
		t.Errorf("recent=2d lookback=1d: error %q", contradiction)
	}
}

// A process that only asks gets one reply, and nothing else is written.
func TestGetInfoAlone(t *testing.T) {
	for _, sid := range []string{"", "searchparsetmp_1", "1.2"} {
		run := serve(t, nil, withInfo("sid", sid))
		if run.info.Type != "reporting" || len(run.replies) != 0 {
			t.Errorf("sid %q: %+v and %d replies", sid, run.info, len(run.replies))
		}
	}
}

func TestChunksWithoutRows(t *testing.T) {
	header := []byte("_time,_raw\n")
	for name, bodies := range map[string][][]byte{
		"no bytes": {nil}, "no bytes, twice": {nil, nil}, "header only": {header}, "header, then nothing": {header, nil},
		"blank lines": {[]byte("\n\n")}, "header of the map half's empty reply": {[]byte("\n"), header},
	} {
		run := serve(t, nil, withBodies(bodies...))
		o := run.outcome(t)
		if o.text != "" || o.ledger["events"] != 0 {
			t.Errorf("%s: %d events, rows %q", name, o.ledger["events"], o.text)
		}
		if !slices.Contains(o.messages, "WARN no events came in") {
			t.Errorf("%s: an empty search looks like a quiet network: %q", name, o.messages)
		}
		mapHalf := serve(t, []string{"phase=map"}, withBodies(bodies...))
		for _, r := range mapHalf.replies {
			if r.Error != "" || len(r.body) > 0 {
				t.Errorf("%s: the map half gives %q, error %q", name, r.body, r.Error)
			}
		}
	}
}

// quietTask is a task that ran on 2024-05-01 shortly after midnight.
func quietTask() [][]byte {
	b := &box{name: "alpha.corp.example"}
	return [][]byte{b.start(1, 0, "root.exe").text(), b.connect(1, "root.exe", "8.8.8.8", 443).text()}
}

const dayAfter, weekAfter = "1714608000.000", "1715126400.000" // 2024-05-02, 2024-05-08

// The search's end is what recent counts back from, unless now= says otherwise.
func TestLatestTimeIsNow(t *testing.T) {
	body := indexed(t, rawFields, quietTask()).body(t)
	for _, c := range []struct {
		name   string
		latest any
		args   []string
		rows   int
	}{
		{"no end", nil, nil, 2},
		{"unbounded", "0.000", nil, 2},
		{"a day after, as text", dayAfter, []string{"recent=1d"}, 2},
		{"a week after, as text", weekAfter, nil, 0},
		{"a week after, as number", 1715126400.5, nil, 0},
		{"a week after, and now= the day after", weekAfter, []string{"now=" + dayAfter, "recent=1d"}, 2},
		{"a day after, and now= a week after", dayAfter, []string{"now=" + weekAfter}, 0},
		{"a week after, looking back two", weekAfter, []string{"recent=2w"}, 2},
		{"a week after, recent=all", weekAfter, []string{"recent=all"}, 2},
	} {
		run := serve(t, c.args, withInfo("latest_time", c.latest), withBodies(body))
		o := run.outcome(t)
		if len(o.rows) != c.rows {
			t.Errorf("%s: %d rows, want %d: %s", c.name, len(o.rows), c.rows, o.text)
		}
		warned := slices.ContainsFunc(o.messages, func(m string) bool {
			return strings.HasPrefix(m, "WARN none of 1 trees was active") && strings.Contains(m, "2024-05-08T00:00:00Z")
		})
		if warned != (c.rows == 0) {
			t.Errorf("%s: %d rows and the messages %q", c.name, len(o.rows), o.messages)
		}
	}
}

// Without an end of the search, the newest event is now, whatever it tells of. A task
// started weeks ago that calls home today is recent; one that did nothing since is not.
func TestNewestEventIsNow(t *testing.T) {
	b := &box{name: "alpha.corp.example"}
	old := [][]byte{b.start(1, 0, "quiet.exe").text(), b.start(2, 0, "busy.exe").text()}
	late := fields{"TimeCreated": "2024-05-20T00:00:00Z"}
	for name, event := range map[string]fields{
		"connection": b.connect(2, "busy.exe", "8.8.8.8", 443),
		"lookup":     b.sysmon(22, fields{"ProcessGuid": guid(2), "QueryName": "c2.example", "QueryResults": "8.8.8.8;"}),
		"end":        b.sysmon(5, fields{"ProcessGuid": guid(2), "ProcessId": "1008"}),
		"start":      b.start(3, 2, "child.exe"),
	} {
		o := hunted(t, "", append(slices.Clone(old), event.with(late).text()))
		for _, r := range o.rows {
			if !strings.HasPrefix(r.Get("path"), "busy.exe") {
				t.Errorf("%s: a quiet task is shown: %v", name, r)
			}
		}
		if o.ledger["trees"] != 2 || o.ledger["kept"] != 1 {
			t.Errorf("%s: %v", name, o.ledger)
		}
	}
}

// The map half drops what the hunt does not use, says so, and keeps splunkd's own
// row numbers on what it passes on.
func TestMapHalfPassesOnWhatIsUsed(t *testing.T) {
	b := &box{name: "alpha.corp.example"}
	events := indexed(t, bothFields, [][]byte{
		b.sysmon(11, fields{"TargetFilename": "x"}).text(), b.start(1, 0, "root.exe").text(), []byte("{broken"),
		b.sysmon(255, fields{"Description": "x"}).text(), b.connect(1, "root.exe", "8.8.8.8", 443).text(),
	})
	events.header = append([]string{"_chunked_idx", "unrelated"}, events.header...)
	for i, r := range events.rows {
		events.rows[i] = append([]string{string(rune('0' + i)), "secret"}, r...)
	}
	run := serve(t, []string{"phase=map"}, withBodies(events.body(t)))
	out := readTable(t, run.replies[0].body)
	numbers := out.only([]string{"_chunked_idx"}).rows
	if len(numbers) != 2 || numbers[0][0] != "1" || numbers[1][0] != "4" {
		t.Errorf("rows %v are passed on, want 1 and 4", numbers)
	}
	if slices.Contains(out.header, "unrelated") || slices.Contains(out.header, "Hashes") != true {
		t.Errorf("columns are %q", out.header)
	}
	messages := run.replies[0].Inspector.Messages
	if want := "schtaskhunt map: events=5 process=1 connection=1 end=0 other=2 malformed=1 passed=2 merged=0"; len(messages) == 0 || messages[0][1] != want {
		t.Errorf("messages are %q, want %q", messages, want)
	}
}

// No message is sent twice: splunkd rejects a repeated one.
func TestMessagesAreDistinct(t *testing.T) {
	for _, args := range [][]string{nil, {"recent=30d"}, strings.Fields(everything), {"max_depth=1"}, {"now=100000000"}} {
		run := serve(t, args, withBodies(indexed(t, rawFields, nastyEvents()).chunks(t, 10)...))
		messages := run.outcome(t).messages
		slices.Sort(messages)
		if again := slices.Compact(slices.Clone(messages)); len(again) != len(messages) {
			t.Errorf("%q: %q", args, messages)
		}
	}
}
