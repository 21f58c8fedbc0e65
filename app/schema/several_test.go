package schema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

func init() {
	each := func(how func(v string) string) func(sysmonEvent) fields {
		return func(e sysmonEvent) fields {
			row := columns(inFlat(e)[Raw])
			for name, v := range row {
				if v != "" {
					row[name] = how(v)
				}
			}
			return row
		}
	}
	shapes = append(shapes,
		shape{name: "columns with each value on two lines", write: each(func(v string) string { return v + "\n" + v })},
		shape{name: "columns with each value on three lines", write: each(func(v string) string { return v + "\n" + v + "\n" + v })},
		shape{name: "columns with each value on two lines of Windows'", write: each(func(v string) string { return v + "\r\n" + v })},
		shape{name: "columns with lists of one", write: each(func(v string) string { return jsonText([]string{v}) })},
		shape{name: "columns with lists of the same twice", write: each(func(v string) string { return jsonText([]string{v, v}) })},
		shape{name: "columns as Python prints lists", write: each(func(v string) string {
			if strings.Contains(v, "'") {
				return v
			}
			return "['" + strings.ReplaceAll(v, `\`, `\\`) + "']"
		})},
	)
}

func TestAValueSeveralTimesOverIsOne(t *testing.T) {
	for v, want := range map[string]string{
		"1\n1": "1", "1\r\n1": "1", "ab\r\nab\r\nab": "ab", "1\r\n2": "", "1\n\r1": "", "1\n1\n1": "1", "C:\\a.exe\nC:\\a.exe": `C:\a.exe`, `["x"]`: "x", `["C:\\a.exe", "C:\\a.exe"]`: `C:\a.exe`, "[3, 3]": "3", "[3]": "3", "['x']": "x", `['C:\\a.exe']`: `C:\a.exe`,
		// Values that differ, and what only looks alike.
		"a\nb\na\nb": "a\nb", "1\n2": "", "a\nb\na": "", "aa\naa\nab": "", `["x", "y"]`: "", "[3, 4]": "", "[]": "", "[x]": "", "['x', 'x']": "", `["x"] y`: "", "\n": "", "\n\n": "", "a\n": "", "[1,2": "", "[1a, 1a]": "", "['x]": "", "['": "", `["`: "",
	} {
		if want == "" {
			want = v
		}
		if got := string(single([]byte(v))); got != want {
			t.Errorf("%q: %q, want %q", v, got, want)
		}
	}
}

// TestArgumentsThatAreEqualAreSeveral: a command line's parts are a list of their own right.
func TestArgumentsThatAreEqualAreSeveral(t *testing.T) {
	r := newReading(t)
	_, got := r.read(text(`{"@timestamp":"2026-03-04T05:06:07.123Z","event":{"code":"1","provider":"Microsoft-Windows-Sysmon"},"host":{"name":"h"},` +
		`"process":{"entity_id":"{8f2a3c00-0000-0000-0000-000000000001}","pid":7,"args":["echo","echo"]}}`))
	if got["command"] != "echo echo" {
		t.Errorf("%v", got)
	}
}

// FuzzSingle compares with the obvious way for lines and lists of JSON.
func FuzzSingle(f *testing.F) {
	f.Add("x", 2)
	f.Fuzz(func(t *testing.T, v string, n int) {
		if n = 1 + n&1; v == "" || strings.Contains(v, "\n") || string(single([]byte(v))) != v {
			return
		}
		list, err := json.Marshal(append([]string{v}, strings.Split(strings.Repeat(v+"\n", n), "\n")[:n]...))
		if err != nil || !strings.Contains(string(list), fmt.Sprintf("%.0s", v)) {
			return
		}
		var back []string
		if json.Unmarshal(list, &back) != nil || back[0] != v { // no text
			return
		}
		if got := string(single(list)); got != v {
			t.Errorf("%s: %q", list, got)
		}
		if lines := strings.Repeat(v+"\n", n) + v; string(single([]byte(lines))) != v {
			t.Errorf("%q: %q", lines, single([]byte(lines)))
		}
	})
}
