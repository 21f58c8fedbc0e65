package json

import (
	stdjson "encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

type sample struct {
	Zulu  string            `json:"zulu"`
	Alpha []int             `json:"alpha,omitempty"`
	Bag   map[string]string `json:"bag,omitempty"`
	Keep  RawMessage        `json:"keep,omitempty"`
}

func TestMarshalKeepsDeclaredOrderAndReadableText(t *testing.T) {
	got, err := Marshal(sample{Zulu: "a<b && c>d", Alpha: []int{1, 2}, Bag: map[string]string{"b": "2", "a": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"zulu":"a<b && c>d","alpha":[1,2],"bag":{"a":"1","b":"2"}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestMarshalOfBadUTF8IsValidJSON(t *testing.T) {
	for _, text := range []string{"\xff", "a\xc3", "\xe2\x82", "ok \xf0\x9f\x98", "\xed\xa0\x80", `quote" and \ ` + "\x80\x00\n"} {
		got, err := Marshal(sample{Zulu: text})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		var back sample
		if err := stdjson.Unmarshal(got, &back); err != nil || !utf8.Valid(got) {
			t.Errorf("%q gave %q: %v", text, got, err)
		}
		if want := strings.ToValidUTF8(text, "\uFFFD"); back.Zulu != want {
			t.Errorf("%q came back as %q, want %q", text, back.Zulu, want)
		}
	}
}

// FuzzUnmarshal holds the library against encoding/json: what that reads, this
// reads to the same value.
func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(`{"zulu":"x","alpha":[1,2],"keep":{"a": [1]}}`))
	f.Add([]byte(`{"zulu":"\ud83d\ude00\u00e9","bag":{"k":"v"}} `))
	f.Add([]byte(`{"alpha":[1,`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !utf8.Valid(data) {
			return // encoding/json replaces bad bytes, this library keeps them
		}
		var want, got sample
		if stdjson.Unmarshal(data, &want) != nil {
			_ = Unmarshal(data, &got) // must only not panic
			return
		}
		if err := Unmarshal(data, &got); err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		if got.Zulu != want.Zulu || !reflect.DeepEqual(got.Bag, want.Bag) {
			t.Fatalf("%q: got %+v want %+v", data, got, want)
		}
	})
}

func TestUnmarshalRefusesWhatIsCutShort(t *testing.T) {
	whole := `{"zulu":"x","alpha":[1,2],"bag":{"k":"v"},"keep":{"a":[true,null]}}`
	for i := range len(whole) {
		var s sample
		if err := Unmarshal([]byte(whole[:i]), &s); err == nil {
			t.Errorf("%q: no error", whole[:i])
		}
	}
	var bag map[string]RawMessage
	for _, bad := range []string{"", " \n", `{"a":1} x`, `{"a":1}{"b":2}`, `{"a"`, `{"a":`, `{"a":1,`, `{"a":"x`} {
		if err := Unmarshal([]byte(bad), &bag); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestKeysInOrder(t *testing.T) {
	got, err := Keys([]byte(`{"b":{"x":1},"a":[1,{"y":2}],"b":null}`))
	if err != nil || !reflect.DeepEqual(got, []string{"b", "a", "b"}) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, bad := range []string{``, `[1]`, `"x"`, `{"a":`, `{"a" 1}`} {
		if got, err := Keys([]byte(bad)); err == nil {
			t.Errorf("%q gave %v and no error", bad, got)
		}
	}
}
