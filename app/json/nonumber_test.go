package json

import (
	"fmt"
	"strings"
	"testing"
)

// What Python writes of a number that is none is null, wherever a value may stand.
func TestNoNumbersAreNull(t *testing.T) {
	for _, word := range noNumbers {
		for _, end := range []string{",", "}", " ,", "\r\n,"} {
			it := NewIterator()
			it.Reset([]byte(`{"a":` + word + end + `"b":1}`))
			it.EnterObject()
			it.Key()
			if kind := it.Kind(); kind != Null {
				t.Errorf("%s before %q is of kind %v", word, end, kind)
			}
			if got := string(it.Skip()); got != word || it.Err() != nil {
				t.Errorf("%s before %q is skipped as %q (%v)", word, end, got, it.Err())
			}
		}
		for _, value := range []string{`[` + word + `]`, `[1,[` + word + `,"` + word + `"],{"k\"":` + word + `,"l":[]}]`, `{"k":{"":[` + word + ` ]}}`} {
			it := NewIterator()
			it.Reset([]byte(fmt.Sprintf(`{"a":%s,"b":1}`, value)))
			it.EnterObject()
			it.Key()
			if got := string(it.Skip()); got != value || it.Err() != nil {
				t.Errorf("%s is skipped as %q (%v)", value, got, it.Err())
			}
			if key, ok := it.Key(); !ok || string(key) != "b" {
				t.Errorf("behind %s stands %q (%v)", value, key, it.Err())
			}
		}
	}
}

// Only the bare word is: in a string it is text, and anything longer or cut is a mistake.
func TestOtherWordsAreNoValues(t *testing.T) {
	for _, text := range []string{"NaNs", "Na", "NaN", "nan", "Infinity0", "-Inf", "- Infinity", "+Infinity", "NaN-1", "NaN\"", "[NaN", "[NaN x]", "[x]", "{NaN:1}", "{\"a\" NaN}"} {
		it := NewIterator()
		it.Reset([]byte(text))
		if it.Skip(); it.Err() == nil {
			t.Errorf("%q passes for a value", text)
		}
	}
	it := NewIterator()
	it.Reset([]byte(`{"NaN":"NaN"}`))
	it.EnterObject()
	if key, _ := it.Key(); string(key) != "NaN" {
		t.Errorf("the key is %q", key)
	}
	if raw, _ := it.String(); string(raw) != "NaN" {
		t.Errorf("the text is %q", raw)
	}
	it.Reset([]byte(strings.Repeat("[", 5000) + "NaN" + strings.Repeat("]", 5000)))
	if it.Skip(); it.Err() == nil {
		t.Error("brackets may be as deep as anybody likes")
	}
}
