package record

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// formNames has some of the fields of sampleXML only.
var formNames = NewNames("EventID", "Channel", "Computer", "SystemTime", "UtcTime", "ProcessId", "CommandLine", "Empty", "None", "UserID")

// varied returns an event like sampleXML: with other values mostly, at times with
// other tags, at times broken.
func varied(r *rand.Rand) []byte {
	text := sampleXML
	for range r.IntN(6) {
		old := []string{">1<", ">77<", ">4242<", "cmd.exe /c", "></Data>", "'3100'", "pc1.example.test", "2>&gt;", " ", "<Data Name='None'/>"}[r.IntN(10)]
		value := []string{"", "x", "a &lt; b", "<!-- c -->", "<![CDATA[<]]>", "&#x41;", "'", `"`, ">7<", "></Data>", "</Event>", "<Data Name='EventID'>9</Data>"}[r.IntN(12)]
		if strings.HasPrefix(old, ">") && r.IntN(4) > 0 {
			value = fmt.Sprintf(">%d<", r.IntN(30))
		}
		text = strings.Replace(text, old, value, 1)
	}
	b := []byte(text)
	switch r.IntN(12) {
	case 0:
		b = b[:r.IntN(len(b)+1)]
	case 1:
		b[r.IntN(len(b))] = "<>/'&x \x00"[r.IntN(8)]
	case 2:
		b = append(b, " \r\n x"[:r.IntN(5)]...)
	}
	return b
}

// wantSame decodes a text with a record that knows forms and with one that knows none.
func wantSame(t *testing.T, known *Record, text []byte) {
	t.Helper()
	known.Reset()
	got := DecodeXML(text, known)
	plain := New(known.names)
	want := scanXML(&xmlScanner{text: text, rec: plain})
	if fmt.Sprint(got) != fmt.Sprint(want) || !reflect.DeepEqual(fields(known), fields(plain)) || !slices.Equal(known.Filled(), plain.Filled()) {
		t.Fatalf("%q\nwith forms: %v %v\nwithout: %v %v", text, fields(known), got, fields(plain), want)
	}
	if l := known.Layout(); l != nil {
		for _, s := range known.Filled() {
			if !bytes.Contains([]byte(fmt.Sprint(l.Slots)), []byte(fmt.Sprint(s))) {
				t.Fatalf("slot %d is filled and not in the layout %v", s, l.Slots)
			}
		}
	}
}

// An event is read the same whatever forms were learnt before.
func TestFormsChangeNothing(t *testing.T) {
	fitted := 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		known := New(formNames)
		for range 60 {
			wantSame(t, known, varied(r))
			if known.Layout() != nil {
				fitted++
			}
		}
	}
	if fitted < 1000 {
		t.Errorf("%d of 12000 events fitted a form", fitted)
	}
}

func FuzzForms(f *testing.F) {
	f.Add([]byte(sampleXML), []byte(strings.Replace(sampleXML, "4242", "4<b/>3", 1)))
	f.Add([]byte("<Event/>"), []byte("<Event/> <!-- -->"))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		known := New(formNames)
		wantSame(t, known, first)
		wantSame(t, known, second)
		wantSame(t, known, first)
	})
}
