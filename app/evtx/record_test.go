package evtx

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/evtx/evtxtest"
)

func TestAnEventIsRenderedAsWindowsDoes(t *testing.T) {
	chunk := evtxtest.NewChunk(1)
	for i := range 3 {
		chunk.Record(134080956012500000, evtxtest.Event("Vendor-Sensor", 1, "HOST<1>", "CommandLine", fmt.Sprintf(`cmd /c "a & b" > %d`, i), "Empty", ""))
	}
	texts, warnings := renderAll(t, evtxtest.File(2, chunk.Bytes()))
	if len(texts) != 3 || len(warnings) > 0 {
		t.Fatalf("%d records, %v", len(texts), warnings)
	}
	for i, got := range texts {
		want := `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Vendor-Sensor'/>` +
			`<EventID>1</EventID><TimeCreated SystemTime='2025-11-20T07:00:01.2500000Z'/><Channel>Vendor-Sensor/Operational</Channel>` +
			fmt.Sprintf(`<Computer>HOST&lt;1&gt;</Computer></System><EventData><Data Name='CommandLine'>cmd /c "a &amp; b" &gt; %d</Data>`, i) +
			`<Data Name='Empty'></Data></EventData></Event>`
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestTokensOfAllKinds has those that Windows hardly writes.
func TestTokensOfAllKinds(t *testing.T) {
	got, warnings := render(t, func(x *evtxtest.XML) {
		x.Fragment().Open("E", false).Content().Text("a<").
			Bytes(0x07, 2, 0).Bytes(evtxtest.UTF16("<b")...). // CDATA
			Bytes(0x08, '&', 0).                              // a character
			Bytes(0x09).Name("lt").Bytes(0x09).Name("other"). // entities
			Bytes(0x0A).Name("target").Bytes(0x0B, 1, 0, 'x', 0).
			Bytes(0x05, 0x08, 42, 0, 0, 0). // a number
			Bytes(0x05, 0x02, 1, 0, 0xE9).  // ANSI
			Open("F", false).Empty().
			Template("inner", func(x *evtxtest.XML) { x.Open("G", false).Content().Substitute(0, 1).Close() }, evtxtest.Text("v")).
			Close().End()
	})
	if want := "<E>a&lt;&lt;b&amp;&lt;&amp;other;42é<F/><G>v</G></E>"; got != want || len(warnings) > 0 {
		t.Errorf("got %s %v, want %s", got, warnings, want)
	}
}

// TestElementsWithoutATemplate have no dependency, unlike those in templates; both are
// read wherever they stand.
func TestElementsWithoutATemplate(t *testing.T) {
	for _, depends := range []bool{false, true} {
		got, warnings := render(t, func(x *evtxtest.XML) {
			x.Fragment().Bytes(0x01)
			if depends {
				x.Bytes(0xFF, 0xFF)
			}
			x.Bytes(9, 0, 0, 0).Name("E").Content().Text("v").Close().End()
		})
		if got != "<E>v</E>" || len(warnings) > 0 {
			t.Errorf("dependency %t: got %s %v", depends, got, warnings)
		}
	}
}

// TestWhatIsDamagedCostsItself puts a damaged record between two sound ones.
func TestWhatIsDamagedCostsItself(t *testing.T) {
	sound := evtxtest.Event("P", 1, "C", "a", "b")
	for name, c := range map[string]struct {
		body func(*evtxtest.XML)
		say  string
	}{
		"unknown token":             {func(x *evtxtest.XML) { x.Fragment().Bytes(0x3F) }, "token 0x3f"},
		"unknown token in element":  {func(x *evtxtest.XML) { x.Fragment().Open("E", false).Content().Bytes(0x3F) }, "token 0x3f"},
		"name outside":              {func(x *evtxtest.XML) { x.Fragment().Bytes(0x01, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F) }, "outside of the chunk"},
		"name that is markup":       {func(x *evtxtest.XML) { x.Fragment().Open("E><System", false).Empty().End() }, "is no name"},
		"name with a space":         {func(x *evtxtest.XML) { x.Fragment().Open("Data Name='x'", false).Empty().End() }, "is no name"},
		"name without letters":      {func(x *evtxtest.XML) { x.Fragment().Open("", false).Empty().End() }, "name of 0 letters"},
		"name of many letters":      {func(x *evtxtest.XML) { x.Fragment().Open(strings.Repeat("a", 5000), false).Empty().End() }, "name of 5000 letters"},
		"element that never ends":   {func(x *evtxtest.XML) { x.Fragment().Open("E", false).Content() }, `ends within "E"`},
		"end without a begin":       {func(x *evtxtest.XML) { x.Fragment().Open("E", false).Close() }, "no tag ends"},
		"attribute in content":      {func(x *evtxtest.XML) { x.Fragment().Open("E", false).Content().Attribute("a") }, "outside of a start tag"},
		"element in a start tag":    {func(x *evtxtest.XML) { x.Fragment().Open("E", false).Open("F", false) }, "start tag of another"},
		"text in a start tag":       {func(x *evtxtest.XML) { x.Fragment().Open("E", false).Text("x") }, "outside of an element"},
		"text that is cut":          {func(x *evtxtest.XML) { x.Fragment().Open("E", false).Content().Bytes(0x05, 0x01, 0xFF, 0xFF) }, "is cut off"},
		"template outside":          {func(x *evtxtest.XML) { x.Fragment().Bytes(0x0C, 1, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F).Values() }, "outside of the chunk"},
		"template longer than left": {func(x *evtxtest.XML) { oversized(x) }, "template of 4294967295 bytes"},
		"many values":               {func(x *evtxtest.XML) { x.Fragment().Bytes(0x0C, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F) }, "values where"},
		"long values": {func(x *evtxtest.XML) {
			x.Fragment().Bytes(0x0C, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0xFF, 0xFF, 1, 0)
		}, "values take 65535 bytes"},
		"instance that is cut": {func(x *evtxtest.XML) { x.Fragment().Bytes(0x0C, 1) }, "is cut off"},
		"template in itself":   {loop, "templates within each other"},
		"many open elements":   {func(x *evtxtest.XML) { nest(x, 300) }, "elements within each other"},
	} {
		chunk := evtxtest.NewChunk(1)
		chunk.Record(0, sound)
		chunk.Record(0, c.body)
		chunk.Record(0, sound)
		texts, warnings := renderAll(t, evtxtest.File(1, chunk.Bytes()))
		if len(texts) != 3 || texts[0] != texts[2] || !strings.HasSuffix(texts[2], "</Event>") || strings.HasSuffix(texts[1], "</Event>") {
			t.Errorf("%s: %q", name, texts)
		}
		if len(warnings) != 1 || warnings[0].Kind != BadRecord || warnings[0].Record != 2 || !strings.Contains(warnings[0].String(), c.say) {
			t.Errorf("%s: %v, want %q of record 2", name, warnings, c.say)
		}
	}
}

// oversized writes a template that states more bytes than there are.
func oversized(x *evtxtest.XML) {
	x.Fragment().Bytes(0x0C, 1, 0, 0, 0, 0)
	x.Bytes(le.AppendUint32(nil, uint32(x.At()+4))...).Bytes(make([]byte, 20)...).Bytes(0xFF, 0xFF, 0xFF, 0xFF)
}

// loop writes a template that holds an instance of itself.
func loop(x *evtxtest.XML) {
	at := x.At() + 4 + 10
	x.Fragment().Template("loop", func(x *evtxtest.XML) {
		x.Open("E", false).Content()
		x.Bytes(0x0C, 1, 0, 0, 0, 0).Bytes(le.AppendUint32(nil, uint32(at))...).Values()
		x.Close()
	})
}

func nest(x *evtxtest.XML, n int) {
	x.Fragment()
	for range n {
		x.Open("E", false).Content()
	}
}

// TestABombIsBounded has records that would come to gigabytes: a template with a thousand
// holes for binary XML that is an instance of a template with a thousand holes.
func TestABombIsBounded(t *testing.T) {
	holes := func(kind byte) func(*evtxtest.XML) {
		return func(x *evtxtest.XML) {
			x.Open("E", false).Content()
			for range 1000 {
				x.Substitute(0, kind)
			}
			x.Close()
		}
	}
	level := evtxtest.Text(strings.Repeat("&", 400))
	for i := range 6 {
		inner, kind := level, byte(33)
		if i == 0 {
			kind = 1
		}
		level = evtxtest.Value{Type: 33, XML: func(x *evtxtest.XML) { x.Fragment().Template(fmt.Sprint("t", kind), holes(kind), inner).End() }}
	}
	chunk := evtxtest.NewChunk(1)
	for range 30 {
		chunk.Record(0, func(x *evtxtest.XML) { level.XML(x) })
	}
	log := evtxtest.File(1, chunk.Bytes())
	most, limits := 0, 0
	warn := func(w Warning) {
		if w.Kind != Limit || !errors.Is(w.Err, ErrLimit) {
			t.Errorf("warning %v", w)
		}
		limits++
	}
	var text []byte
	readAll(t, bytes.NewReader(log), warn, func(d *Decoder) {
		var err error
		if text, err = d.AppendXML(text[:0]); !errors.Is(err, ErrLimit) {
			t.Errorf("error %v", err)
		}
		most = max(most, len(text))
	})
	if limits != 30 || most > recordRoom+1<<20 {
		t.Errorf("%d of 30 records reached a limit, the largest came to %d bytes", limits, most)
	}
	readAll(t, bytes.NewReader(log), warn, func(d *Decoder) {
		if err := d.Walk(silent{}); !errors.Is(err, ErrLimit) {
			t.Errorf("walk: error %v", err)
		}
	})
}

// silent is a visitor that does nothing.
type silent struct{}

func (silent) Open([]byte)             {}
func (silent) Attribute([]byte, Value) {}
func (silent) Value(Value)             {}
func (silent) Close([]byte)            {}
