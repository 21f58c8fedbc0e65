package schema

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

func newDraft() *draft { return &draft{symbols: event.NewStore().Symbols} }

func via(t testing.TB, to, name string) setter {
	t.Helper()
	set := setters[to][name]
	if set == nil {
		t.Fatalf("%s has no transform %s", to, name)
	}
	return set
}

func TestEpochMilliseconds(t *testing.T) {
	set := via(t, "time", "epoch_ms")
	for text, want := range map[string]event.Time{
		"0": 0, "1": 10_000, "12": 120_000, "999": 9_990_000, "1000": event.Second, "70000000": 70_000 * event.Second, "1770000009999": 1_770_000_009*event.Second + 9_990_000,
		"253402300799999": 253_402_300_799*event.Second + 9_990_000,
	} {
		d := newDraft()
		if !set(d, []byte(text)) || d.source.Time != want {
			t.Errorf("%s is %d, want %d", text, d.source.Time, want)
		}
	}
	for _, text := range []string{"", "-1", "+1", "1.5", "1e3", "1770000009.999", " 1", "0x10", "253402300800000", "9999999999999999", "18446744073709551616", "\u0663"} {
		d := newDraft()
		if set(d, []byte(text)) || d.source.Time != event.NoTime {
			t.Errorf("%q is %d, want none", text, d.source.Time)
		}
	}
}

var onlyDigits = regexp.MustCompile(`^[0-9]{1,15}$`)

// FuzzEpochMilliseconds holds the transform to package time.
func FuzzEpochMilliseconds(f *testing.F) {
	for _, seed := range []string{"1770000009999", "7", "000000000000001", "253402300800000", "-5", "70000000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := newDraft()
		got := via(t, "time", "epoch_ms")(d, []byte(text))
		n, err := strconv.ParseInt(text, 10, 64)
		at := time.UnixMilli(n).UTC()
		if want := err == nil && onlyDigits.MatchString(text) && at.Year() <= 9999; got != want {
			t.Fatalf("%q: %t, want %t", text, got, want)
		}
		if got && !d.source.Time.Std().Equal(at) {
			t.Fatalf("%q is %s, want %s", text, d.source.Time.Std(), at)
		}
	})
}

// Transforms of words and numbers: what they leave alone keeps what was there.
func TestCodes(t *testing.T) {
	for _, c := range []struct {
		to, via, value string
		ok             bool
		want           string // direction and transport after outbound and udp
	}{
		{"direction", "event_direction", "NetworkListenIP4", true, "listen udp"},
		{"direction", "event_direction", "networkreceiveacceptip6", true, "inbound udp"},
		{"direction", "event_direction", "ACCEPTED", true, "inbound udp"},
		{"direction", "event_direction", "NetworkConnectIP4", true, "outbound udp"},
		{"direction", "event_direction", "ListenAndConnect", true, "listen udp"},
		{"direction", "event_direction", "DnsRequest", false, "outbound udp"},
		{"direction", "event_direction", "", false, "outbound udp"},
		{"direction", "direction_number", "0", true, "outbound udp"},
		{"direction", "direction_number", "1", true, "inbound udp"},
		{"direction", "direction_number", "2", false, "outbound udp"},
		{"direction", "direction_number", "3", false, "outbound udp"},
		{"direction", "direction_number", "01", false, "outbound udp"},
		{"direction", "direction_number", "inbound", false, "outbound udp"},
		{"transport", "protocol_number", "6", true, "outbound tcp"},
		{"transport", "protocol_number", "17", true, "outbound udp"},
		{"transport", "protocol_number", "1", true, "outbound icmp"},
		{"transport", "protocol_number", "58", true, "outbound ipv6-icmp"},
		{"transport", "protocol_number", "TcpV4", true, "outbound tcp"},
		{"transport", "protocol_number", "47", true, "outbound 47"},
	} {
		d := newDraft()
		setDirection(d, []byte("outbound"))
		setTransport(d, []byte("udp"))
		ok := via(t, c.to, c.via)(d, []byte(c.value))
		if got := d.direction.String() + " " + d.symbols.String(d.transport); ok != c.ok || got != c.want {
			t.Errorf("%s of %q: %t %s, want %t %s", c.via, c.value, ok, got, c.ok, c.want)
		}
	}
}

func TestMoreAnswers(t *testing.T) {
	set := via(t, "answers", "more_answers")
	for _, c := range []struct {
		before, more, want string
		ok                 bool
	}{
		{"", "::1", "::1", true}, {"1.2.3.4", "::1", "1.2.3.4;::1", true}, {"1.2.3.4;", "::1;", "1.2.3.4;::1;", true},
		{"1.2.3.4;;", ";::1", "1.2.3.4;::1", true}, {"1.2.3.4;", ";", "1.2.3.4;", false}, {"", ";;", "", false}, {";", "::1", "::1", true},
		{strings.Repeat("1.2.3.4;", 100), "::1", strings.Repeat("1.2.3.4;", 100) + "::1", true},
	} {
		d := newDraft()
		setters["answers"]["answers"](d, []byte(c.before))
		if ok := set(d, []byte(c.more)); ok != c.ok || d.symbols.String(d.answers) != c.want {
			t.Errorf("%q and %q: %t %q, want %t %q", c.before, c.more, ok, d.symbols.String(d.answers), c.ok, c.want)
		}
	}
}

// Two lists of answers are joined by one semicolon, however many they bring.
func TestMoreAnswersJoinOnce(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	list := func() string {
		text := strings.Repeat(";", dice.IntN(3))
		for range dice.IntN(3) {
			text += fmt.Sprint("10.0.0.", dice.IntN(9), ";")
		}
		return strings.TrimSuffix(text, strings.Repeat(";", dice.IntN(2)))
	}
	for range 500 {
		before, more := strings.TrimLeft(list(), ";"), list()
		d := newDraft()
		setters["answers"]["answers"](d, []byte(before))
		setters["answers"]["more_answers"](d, []byte(more))
		clean := func(s string) []string { return strings.FieldsFunc(s, func(r rune) bool { return r == ';' }) }
		got := clean(d.symbols.String(d.answers))
		if want := append(clean(before), clean(more)...); strings.Join(got, ";") != strings.Join(want, ";") {
			t.Fatalf("%q and %q: %q", before, more, got)
		}
		if len(clean(before)) > 0 && len(clean(more)) > 0 && bytes.Contains(d.symbols.Bytes(d.answers), []byte(";;")) {
			t.Fatalf("%q and %q: %q", before, more, d.symbols.String(d.answers))
		}
	}
}
