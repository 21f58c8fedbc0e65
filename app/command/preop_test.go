package command

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// splunkdWords is what splunkd does to the arguments of a search command, as seen
// in what it sends: words end at a blank outside double quotes, the quotes go, and
// a backslash in them escapes a quote or a backslash.
func splunkdWords(search string) []string {
	var words []string
	var word strings.Builder
	inWord, quoted := false, false
	for i := 0; i < len(search); i++ {
		c := search[i]
		switch {
		case c == '"':
			quoted, inWord = !quoted, true
		case quoted && c == '\\' && i+1 < len(search) && strings.IndexByte(`"\`, search[i+1]) >= 0:
			i++
			word.WriteByte(search[i])
		case !quoted && c == ' ':
			if inWord {
				words = append(words, word.String())
			}
			word.Reset()
			inWord = false
		default:
			inWord = true
			word.WriteByte(c)
		}
	}
	if inWord {
		words = append(words, word.String())
	}
	return words
}

func TestSplunkdWordsAsRecorded(t *testing.T) {
	for search, want := range map[string][]string{
		`a=one b = "two" "c"="three"`:   {"a=one", "b", "=", "two", "c=three"},
		`r="A \"b\" C" 's'="q\\r" x=""`: {`r=A "b" C`, `'s'=q\r`, "x="},
	} {
		if got := splunkdWords(search); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", search, got, want)
		}
	}
}

func TestPreop(t *testing.T) {
	o := mustParse(t, "recent=2d", `allow_command="C:\a b\x.exe" -p *`, "phase=map")
	want := `schtaskhunt phase="map" recent="2d" allow_command="\"C:\\a b\\x.exe\" -p *"`
	if got := Preop(o, "schtaskhunt"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := Preop(Default(), "schtaskhunt"); got != `schtaskhunt phase="map"` {
		t.Errorf("without options: %s", got)
	}
}

func TestPreopNameIsAWord(t *testing.T) {
	for name, want := range map[string]string{
		"mytasks2": "mytasks2", "": Name, "a | delete": Name, "a b": Name, "a\"": Name, "Ä": Name,
	} {
		if got := Preop(Default(), name); got != want+` phase="map"` {
			t.Errorf("%q: %s", name, got)
		}
	}
}

// checkPreop sends options to the map half and compares what arrives.
func checkPreop(t *testing.T, o Options) {
	t.Helper()
	words := splunkdWords(Preop(o, Name))
	if words[0] != Name {
		t.Fatalf("the preop is for %q", words[0])
	}
	arrived, err := Parse(words[1:])
	if err != nil {
		t.Fatalf("%q: %v", words, err)
	}
	if !arrived.Map {
		t.Errorf("%q: not the map half", words)
	}
	o.Map, arrived.Map = false, false
	delete(arrived.given, "phase")
	if !o.Given("phase") && !reflect.DeepEqual(arrived, o) {
		t.Errorf("%q:\n got %+v\nwant %+v", words, arrived, o)
	}
}

func TestPreopArrivesUnchanged(t *testing.T) {
	checkPreop(t, Default())
	for _, value := range []string{`"`, `\`, `\\`, `\"`, `a" phase="x`, `"quoted"`, `ends \`, "=", "= =", "a = b", "| delete", "[x]", "`m`", "ü\n\t"} {
		checkPreop(t, mustParse(t, "allow_command="+value+",z", "allow_path=z"+value))
	}
	checkPreop(t, mustParse(t, `root=/\\temp\\.*\.exe" -x/`, "recent=30d", "raw=no", "allow_dest=*.a.com,10.0.0.0/8", "now=2023-06-01 14:03:57"))
}
