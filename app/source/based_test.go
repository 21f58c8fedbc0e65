package source

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// bodyOf writes a message of a queue.
func bodyOf(key, text string) string {
	return fmt.Sprintf(`{"Offset": "%d", "%s": "%s", "Properties": {"a": "b"}}`, len(text), key, base64.StdEncoding.EncodeToString([]byte(text)))
}

func TestBodiesInBase64AreRead(t *testing.T) {
	pad := strings.Repeat(" ", leastBody)
	one, list := `{"id":1}`+pad, `{"records": [{"id":2},{"id":3}]}`+pad
	want := []string{"1", "2", "3", "4", "5"}
	packed := string(zipped(t, xmlEvent("4")+pad))
	for _, key := range bodyKeys {
		messages := []string{bodyOf(key, one), bodyOf(key, list), bodyOf(key, packed), bodyOf(key, `[{"id":5}]`+pad)}
		for name, text := range map[string]string{"lines": strings.Join(messages, "\n"), "a list": "[\n" + strings.Join(messages, ",\n") + "\n]", "an answer": `{"Records":[` + strings.Join(messages, ",") + `]}`} {
			var all []read
			if _, err := EachIn("in", iotest.HalfReader(strings.NewReader(text)), collect(t, &all)); err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, r := range all {
				ids = append(ids, r.id)
			}
			if !reflect.DeepEqual(ids, want) {
				t.Errorf("%s, %s: %q", key, name, ids)
			}
		}
	}
}

// TestABodyThatIsNoneCostsItself: bodies that are no base64, packed and broken, or cut.
func TestABodyThatIsNoneCostsItself(t *testing.T) {
	pad := strings.Repeat(" ", leastBody)
	good := bodyOf("Body", `{"id":1}`+pad)
	broken := bodyOf("Body", string(zipped(t, xmlEvent("2")))[:60])
	var all []read
	text := good + "\n" + `{"Body": "not base64!"}` + "\n" + broken + "\n" + strings.Replace(good, "Offset", "O", 1)
	if _, err := EachIn("in", strings.NewReader(text), collect(t, &all)); err != nil {
		t.Fatal(err)
	}
	good, bad := "", 0
	for _, r := range all {
		if good += r.id; r.bad {
			bad++
		}
	}
	if good != "11" || bad != 2 {
		t.Errorf("%v", all)
	}
}

// TestTextsThatOnlyLookLikeBodiesStay has values that are base64 by chance, and others.
func TestTextsThatOnlyLookLikeBodiesStay(t *testing.T) {
	for _, text := range []string{
		`{"id":1,"Body":"` + base64.StdEncoding.EncodeToString([]byte(xmlEvent("7")+strings.Repeat(" ", leastBody))) + `"}`, // within an event
		`{"id":1,"data":"` + strings.Repeat("QUJD", 40) + `"}`, `{"id":1,"data":"abcd"}`, `{"id":1,"message":"{\"x\":1}"}`, `{"id":1,"Body":null}`,
		`{"id":1,"value":"x \"Body\": \"` + base64.StdEncoding.EncodeToString([]byte(xmlEvent("7"))) + `\""}`,
	} {
		if got := readText(t, text); len(got) != 1 || got[0].id != "1" {
			t.Errorf("%s: %v", text, got)
		}
	}
}
