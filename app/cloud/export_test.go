package cloud

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

func export1(t *testing.T, s *pretended.Splunkd, faults ...pretended.Fault) (*taken, Exported, int, error) {
	t.Helper()
	client := splunkd(t, s)
	for _, f := range faults {
		s.Fail(f)
	}
	got, fetched := &taken{}, 0
	out, err := client.Export(t.Context(), query, 7*event.Second, got, func(n int) { fetched += n })
	return got, out, fetched, err
}

// A stream that breaks starts over, and what came of it is forgotten.
func TestExport(t *testing.T) {
	table := events(300)
	for name, c := range map[string]struct {
		old    bool
		fault  pretended.Fault
		begins int
	}{
		"plain":       {false, pretended.Drop().Times(0), 1},
		"old":         {true, pretended.Drop().Times(0), 1},
		"busy":        {false, busy.Times(2), 1},
		"dropped":     {false, pretended.Drop().Times(2), 1},
		"cut":         {false, pretended.Cut(50).Times(2), 3},
		"cut quietly": {false, pretended.CutQuietly(50).Times(1), 2},
		// Cut behind a whole line: only the missing mark of the last one tells.
		"cut at a line": {false, pretended.Close(func(b []byte) []byte { return b[:bytes.LastIndexByte(b[:len(b)/2], '\n')+1] }).Times(1), 2},
	} {
		t.Run(name, func(t *testing.T) {
			got, out, fetched, err := export1(t, &pretended.Splunkd{Events: table, Old: c.old}, c.fault)
			if err != nil {
				t.Fatal(err)
			}
			got.check(t, table)
			if out.Rows != 300 || fetched != 300 || out.Unended || got.begins != c.begins || got.latest != 7*event.Second {
				t.Errorf("%d rows, %d told, unended %t, begun %d times, latest %d", out.Rows, fetched, out.Unended, got.begins, got.latest)
			}
		})
	}
}

func TestExportThatAlwaysBreaks(t *testing.T) {
	_, _, _, err := export1(t, &pretended.Splunkd{Events: events(300)}, pretended.Cut(50))
	mustFail(t, err, "broke off", "6 times", "--fetch pages")
}

func TestEmptyExport(t *testing.T) {
	got, out, _, err := export1(t, &pretended.Splunkd{})
	if err != nil || out.Rows != 0 || out.Unended || len(got.events) != 0 {
		t.Errorf("%+v, %v", out, err)
	}
}

// A stream that ends well for HTTP but without its mark is suspect, and said so.
func TestUnendedExport(t *testing.T) {
	unmark := pretended.Rewrite(func(b []byte) []byte { return bytes.Replace(b, []byte(`"lastrow":true,`), nil, 1) })
	got, out, _, err := export1(t, &pretended.Splunkd{Events: events(300)}, unmark)
	if err != nil || !out.Unended || len(got.events) != 300 {
		t.Errorf("%+v, %v", out, err)
	}
}

// Previews are not events, and messages are for the user.
func TestExportLines(t *testing.T) {
	lines := `{"preview":true,"offset":0,"result":{"n":"preview"}}

{"messages":[{"type":"WARN","text":"slow peer"},{"type":"WARN","text":"slow peer"}]}
{"preview":false,"offset":0,"result":{"n":["1",null,2],"_raw":"\u00fc\n"}}
{"preview":false,"offset":1,"result":{"n":{"deep":1}}}
{"preview":false,"offset":1,"result":{"n":
{"preview":false,"offset":2,"lastrow":true,"result":{"n":true,"unknown":[[{}]]}}
`
	got, out, _, err := export1(t, &pretended.Splunkd{}, pretended.Status(200, lines))
	want := []string{"|1\nnull\n2|ü\n||", "||||", "|true|||"}
	if err != nil || strings.Join(got.events, ";") != strings.Join(want, ";") || out.Rows != 4 || got.malformed != 1 || len(out.Messages) != 1 {
		t.Errorf("%q, %+v, %v", got.events, out, err)
	}
	_, _, _, err = export1(t, &pretended.Splunkd{}, pretended.Status(200, `{"messages":[{"type":"FATAL","text":"Unknown index"}]}`))
	mustFail(t, err, "Unknown index")
}

// FuzzResult compares with encoding/json, of objects whose values are texts and lists.
func FuzzResult(f *testing.F) {
	f.Add([]byte(`{"n":"1","_raw":"a\"\u00e4\ud83d\ude00","several":["a","b\n"]}`))
	f.Add([]byte(`{"n":1.50,"_time":null,"x":{"n":"2"}}`))
	f.Add([]byte(`{"n":[`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var reader resultReader
		rec := record.New(record.NewNames(columns...))
		err := reader.fill(text, rec)
		var want map[string]any
		if json.Unmarshal(text, &want) != nil || err != nil {
			return
		}
		for i, name := range columns {
			s, isText := want[name].(string)
			if bytes.Count(text, []byte(name)) == 1 && isText && string(rec.Get(record.Slot(i))) != s && !strings.ContainsRune(s, '\uFFFD') {
				t.Errorf("%s of %s is %q, want %q", name, text, rec.Get(record.Slot(i)), s)
			}
		}
	})
}
