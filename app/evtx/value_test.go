package evtx

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/evtx/evtxtest"
)

// TestEveryTypeOfValue renders each type, alone and as an array, in an element.
func TestEveryTypeOfValue(t *testing.T) {
	u32, u64 := func(n uint32) []byte { return le.AppendUint32(nil, n) }, func(n uint64) []byte { return le.AppendUint64(nil, n) }
	guid := []byte{0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF}
	sid := []byte{1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0}
	system := []byte{0xEA, 7, 11, 0, 5, 0, 20, 0, 9, 0, 0, 0, 1, 0, 250, 0}
	filetime := u64(134080956012500000)
	for name, c := range map[string]struct {
		kind Type
		data []byte
		want string
	}{
		"null":                   {Null, nil, ""},
		"text":                   {String, evtxtest.UTF16("a<&>'\"é日🙂"), "a&lt;&amp;&gt;'\"é日🙂"},
		"text, NUL at its end":   {String, evtxtest.UTF16("x\x00\x00"), "x"},
		"text, NUL in it":        {String, evtxtest.UTF16("x\x00y"), "x\uFFFDy"},
		"text, control":          {String, evtxtest.UTF16("a\x01\r\n\tb"), "a&#1;&#13;\n\tb"},
		"text, lone surrogate":   {String, []byte{0x3D, 0xD8, 'x', 0}, "\uFFFDx"},
		"text, half a unit":      {String, []byte{'x', 0, 'y'}, "x"},
		"ANSI":                   {ANSIString, []byte("caf\xe9 \x80<\x00"), "café €&lt;"},
		"int8":                   {Int8, []byte{0xFE}, "-2"},
		"uint8":                  {UInt8, []byte{0xFE}, "254"},
		"int16":                  {Int16, []byte{0, 0x80}, "-32768"},
		"uint16":                 {UInt16, []byte{0, 0x80}, "32768"},
		"int32":                  {Int32, u32(0xFFFFFFFF), "-1"},
		"uint32":                 {UInt32, u32(0xFFFFFFFF), "4294967295"},
		"int64":                  {Int64, u64(1 << 63), "-9223372036854775808"},
		"uint64":                 {UInt64, u64(1 << 63), "9223372036854775808"},
		"float":                  {Float32, u32(math.Float32bits(1.5)), "1.5"},
		"double":                 {Float64, u64(math.Float64bits(-0.1)), "-0.1"},
		"double, infinite":       {Float64, u64(math.Float64bits(math.Inf(-1))), "-Inf"},
		"true":                   {Bool, u32(1), "true"},
		"false":                  {Bool, u32(0), "false"},
		"true in a byte":         {Bool, []byte{1}, "true"},
		"binary":                 {Binary, []byte{0, 0xAB}, "00AB"},
		"GUID":                   {GUID, guid, "{00112233-4455-6677-8899-aabbccddeeff}"},
		"size of 4":              {Size, u32(0x10), "0x10"},
		"size of 8":              {Size, u64(0x1000000000), "0x1000000000"},
		"FILETIME":               {FileTime, filetime, "2025-11-20T07:00:01.2500000Z"},
		"SYSTEMTIME":             {SystemTime, system, "2026-11-20T09:00:01.250Z"},
		"SID":                    {SID, sid, "S-1-5-32-544"},
		"SID, cut":               {SID, sid[:12], "0102000000000005" + "20000000"},
		"hex32":                  {Hex32, u32(0x3E7), "0x3e7"},
		"hex64":                  {Hex64, u64(0x8000000000000001), "0x8000000000000001"},
		"number of another size": {UInt32, []byte{1, 2}, "0102"},
		"GUID, cut":              {GUID, guid[:3], "332211"},
		"unknown type":           {0x40, []byte{7}, "07"},
		"no bytes":               {UInt32, nil, ""},
		"texts":                  {ArrayOf | String, evtxtest.UTF16("a\x00\x00<b\x00"), "a</E><E></E><E>&lt;b"},
		"texts, no end":          {ArrayOf | String, evtxtest.UTF16("a\x00b"), "a</E><E>b"},
		"ANSI texts":             {ArrayOf | ANSIString, []byte("a\x00b\x00"), "a</E><E>b"},
		"numbers":                {ArrayOf | UInt16, []byte{1, 0, 2, 0}, "1</E><E>2"},
		"numbers, cut":           {ArrayOf | UInt16, []byte{1, 0, 2}, "1"},
		"truths":                 {ArrayOf | Bool, append(u32(1), u32(0)...), "true</E><E>false"},
		"GUIDs":                  {ArrayOf | GUID, append(guid[:16:16], guid...), "{00112233-4455-6677-8899-aabbccddeeff}</E><E>{00112233-4455-6677-8899-aabbccddeeff}"},
		"SIDs":                   {ArrayOf | SID, append(sid[:16:16], sid...), "S-1-5-32-544</E><E>S-1-5-32-544"},
		"FILETIMEs":              {ArrayOf | FileTime, append(filetime[:8:8], filetime...), "2025-11-20T07:00:01.2500000Z</E><E>2025-11-20T07:00:01.2500000Z"},
		"SYSTEMTIMEs":            {ArrayOf | SystemTime, append(system[:16:16], system...), "2026-11-20T09:00:01.250Z</E><E>2026-11-20T09:00:01.250Z"},
		"hexes":                  {ArrayOf | Hex64, append(u64(1), u64(255)...), "0x1</E><E>0xff"},
		"unknown array":          {0xFF, []byte{0xFF}, "FF"},
		"no items":               {ArrayOf | String, nil, ""},
	} {
		got, warnings := render(t, func(x *evtxtest.XML) {
			x.Fragment().Template("t", func(x *evtxtest.XML) {
				x.Open("E", false).Content().Substitute(0, byte(c.kind)).Close()
			}, evtxtest.Value{Type: byte(c.kind), Data: c.data}).End()
		})
		if want := "<E>" + c.want + "</E>"; got != want || len(warnings) > 0 {
			t.Errorf("%s: %s %v, want %s", name, got, warnings, want)
		}
	}
}

// TestValuesOfAnAttribute: quotes are escaped there, an optional one without a value is
// left out, and an array is a list.
func TestValuesOfAnAttribute(t *testing.T) {
	got, _ := render(t, func(x *evtxtest.XML) {
		x.Fragment().Template("t", func(x *evtxtest.XML) {
			x.Open("E", true).Attribute("a").Substitute(0, 1).Attribute("b").Optional(1, 1).Attribute("c").Substitute(1, 1).
				Attribute("d").Optional(2, 0x86).Attribute("e").Text("[").Substitute(0, 1).Text("]'").Attribute("f").Optional(9, 1).Empty()
		}, evtxtest.Text("'\"<\n"), evtxtest.Value{}, evtxtest.Value{Type: 0x86, Data: []byte{1, 0, 2, 0}}).End()
	})
	if want := `<E a='&#39;&#34;&lt;&#10;' c='' d='1, 2' e='[&#39;&#34;&lt;&#10;]&#39;'/>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestItemsOfASizeArrayOfEither(t *testing.T) {
	for n, want := range map[int]int{8: 1, 12: 3, 16: 2} {
		got := 0
		Value{kind: ArrayOf | Size, data: make([]byte, n)}.Items(func(Value) bool { got++; return true })
		if got != want {
			t.Errorf("%d bytes: %d items, want %d", n, got, want)
		}
	}
}

// TestFileTimesAreThoseOfTheStandardLibrary compares with time's own formatting.
func TestFileTimesAreThoseOfTheStandardLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 5000 {
		ticks := random.Uint64N(2_650_467_744_000_000_000) // to the year 9999
		if i < 20 {
			ticks = uint64(i)
		}
		at := time.Unix(int64(ticks/ticksPerSecond)-secondsTo1970, int64(ticks%ticksPerSecond)*100).UTC()
		if got, want := string(AppendFileTime(nil, ticks)), at.Format("2006-01-02T15:04:05.0000000Z"); got != want {
			t.Fatalf("%d: %s, want %s", ticks, got, want)
		}
	}
}

// TestTextIsTheSameHoweverItLies compares with the standard library, for texts in which
// what needs care lies at every place.
func TestTextIsTheSameHoweverItLies(t *testing.T) {
	for _, odd := range []string{"é", "<", "日", "🙂", "\x01", "a"} {
		for before := range 10 {
			for after := range 10 {
				text := strings.Repeat("b", before) + odd + strings.Repeat("c", after)
				if got := string(appendUTF16(nil, evtxtest.UTF16(text), &plain)); got != text {
					t.Fatalf("%q became %q", text, got)
				}
				if got, want := string(appendUTF16(nil, evtxtest.UTF16(text), &inText)), string(appendUTF8(nil, []byte(text), &inText)); got != want {
					t.Fatalf("%q became %q, want %q", text, got, want)
				}
			}
		}
	}
}
