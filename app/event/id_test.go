package event

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestParseGUID(t *testing.T) {
	want := ID{0x222A245B1234ABCD, 0x0010000000000400}
	for text, style := range map[string]Style{
		"222a245b-1234-abcd-0010-000000000400":   0,
		"{222a245b-1234-abcd-0010-000000000400}": Braces,
		"222A245B-1234-ABCD-0010-000000000400":   Upper,
		"{222A245B-1234-ABCD-0010-000000000400}": Braces | Upper,
		"{222A245B-1234-abcd-0010-000000000400}": Braces | Upper, // mixed
	} {
		id, got, ok := ParseGUID([]byte(text))
		if !ok || id != want || got != style {
			t.Errorf("ParseGUID(%q) = %x, %d, %v", text, id, got, ok)
		}
	}
	zero, _, ok := ParseGUID([]byte("{00000000-0000-0000-0000-000000000000}"))
	if !ok || !zero.IsZero() {
		t.Errorf("the zero GUID is %x, %v", zero, ok)
	}
}

func TestParseGUIDRefuses(t *testing.T) {
	good := "{222A245B-1234-ABCD-0010-000000000400}"
	bad := []string{"", "-", "0", good[1:], good[:37], "(" + good[1:37] + ")", strings.ReplaceAll(good, "-", ""), strings.ReplaceAll(good, "-", "_"),
		"00000000-0000-0000-0000-0000-0000000", strings.Replace(good, "A", "G", 1), good + " ", "{ffffffff-ffff-ffff-ffff-ffffffffffff}", "FFFFFFFF-FFFF-FFFF-0000-000000000001"}
	for _, text := range bad {
		if id, style, ok := ParseGUID([]byte(text)); ok || id != (ID{}) || style != 0 {
			t.Errorf("ParseGUID(%q) = %x, %d, %v", text, id, style, ok)
		}
	}
}

func TestGUIDReadsBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 2000 {
		id, style := ID{r.Uint64() >> 1, r.Uint64()}, Style(i%4)
		id.Hi |= 0x0A << 56 // a letter, so that upper case shows
		text := id.AppendGUID(nil, style)
		if got, gotStyle, ok := ParseGUID(text); !ok || got != id || gotStyle != style {
			t.Fatalf("%x in style %d is written %q and read %x, %d, %v", id, style, text, got, gotStyle, ok)
		}
	}
}

// A hostile GUID must never be taken for the number of a symbol.
func TestNoGUIDIsAText(t *testing.T) {
	symbols := NewSymbols()
	for _, text := range []string{"ffffffff-ffff-ffff-ffff-ffffffffffff", "{FFFFFFFF-FFFF-FFFF-0000-00000000FFFF}", "fffffffe-ffff-ffff-ffff-ffffffffffff"} {
		id, style, _ := ParseGUID([]byte(text))
		ref := Ref{ID: id, Style: style}
		if got := ref.IDText(symbols); got != "" && !strings.EqualFold(got, text) {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
}

func TestIDText(t *testing.T) {
	symbols := NewSymbols()
	text := Ref{ID: TextID(symbols.Intern([]byte("0keary9q5uykexpt.1")))}
	if got := text.IDText(symbols); got != "0keary9q5uykexpt.1" {
		t.Errorf("text id is shown as %q", got)
	}
	if !TextID(NoSym).IsZero() {
		t.Error("no text is an id")
	}
	if got := new(Ref).IDText(symbols); got != "" {
		t.Errorf("unknown id is shown as %q", got)
	}
	guid := Ref{ID: ID{1, 2}, Style: Braces}
	if got := guid.IDText(symbols); got != "{00000000-0000-0001-0000-000000000002}" {
		t.Errorf("GUID is shown as %q", got)
	}
}

func FuzzParseGUID(f *testing.F) {
	f.Add("{222A245B-1234-ABCD-0010-000000000400}")
	f.Add("ffffffff-ffff-ffff-ffff-ffffffffffff")
	f.Fuzz(func(t *testing.T, s string) {
		id, style, ok := ParseGUID([]byte(s))
		if !ok {
			return
		}
		if got := string(id.AppendGUID(nil, style)); !strings.EqualFold(got, s) {
			t.Fatalf("%q is written back as %q", s, got)
		}
	})
}

// slowGUID is ParseGUID a digit at a time.
func slowGUID(text string) (id ID, style Style, ok bool) {
	if rest, braced := strings.CutPrefix(text, "{"); braced && strings.HasSuffix(rest, "}") {
		text, style = strings.TrimSuffix(rest, "}"), Braces
	}
	parts := strings.Split(text, "-")
	if len(text) != 36 || len(parts) != 5 || len(parts[0]) != 8 || len(parts[1]) != 4 || len(parts[2]) != 4 || len(parts[3]) != 4 {
		return ID{}, 0, false
	}
	digits := strings.Join(parts, "")
	if strings.Trim(digits, "0123456789abcdefABCDEF") != "" {
		return ID{}, 0, false
	}
	id.Hi, _ = strconv.ParseUint(digits[:16], 16, 64)
	id.Lo, _ = strconv.ParseUint(digits[16:], 16, 64)
	if id.Hi == textID {
		return ID{}, 0, false
	}
	if strings.ContainsAny(digits, "ABCDEF") {
		style |= Upper
	}
	return id, style, true
}

// Every byte at every place, among digits of every kind.
func TestParseGUIDReadsEveryByte(t *testing.T) {
	for _, base := range []string{"01234567-89ab-cdef-0123-456789abcdef", "{ABCDEF01-2345-6789-9ABC-DEFFEDCBA098}", "00000000-0000-0000-0000-000000000000"} {
		for i := range base {
			for c := range 256 {
				text := base[:i] + string([]byte{byte(c)}) + base[i+1:]
				wantID, wantStyle, want := slowGUID(text)
				if id, style, ok := ParseGUID([]byte(text)); id != wantID || style != wantStyle || ok != want {
					t.Fatalf("ParseGUID(%q) = %x, %d, %v, want %x, %d, %v", text, id, style, ok, wantID, wantStyle, want)
				}
			}
		}
	}
}
