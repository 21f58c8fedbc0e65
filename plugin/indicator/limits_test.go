package indicator

import (
	"errors"
	"strings"
	"testing"
)

// What is beyond a limit is an error that names it, and ends the reading of all lists: half
// of a list would be taken for the whole.
func TestListsThatAreTooLarge(t *testing.T) {
	for name, c := range map[string]struct {
		fill       func(*Builder)
		list, says string
	}{
		"entries":       {func(b *Builder) { b.entries = maxEntries - 1 }, "198.51.100.1\n198.51.100.2\n", "more than 20000000 entries"},
		"domains":       {func(b *Builder) { b.room = 20 }, "evil.example\nworse.example\n", "20 bytes of domains"},
		"command lines": {func(b *Builder) { b.room = 20 }, "indicator,type\nevil.exe -x,command_line\nevil.exe -y,command_line\n", "20 bytes of command lines"},
	} {
		b := NewBuilder(Options{Score: 75})
		c.fill(b)
		err := b.AddList("x", strings.NewReader(c.list))
		if !errors.Is(err, errFull) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		write(t, map[string]string{"large": c.list, "small": "fine.example\n"})
		b = NewBuilder(Options{Score: 75})
		c.fill(b)
		if err := b.addFiles(t.Context(), []string{"large", "small"}); !errors.Is(err, errFull) {
			t.Errorf("%s, one of two: %v", name, err)
		}
	}
	b := NewBuilder(Options{Score: 75})
	b.entries = maxEntries - 1
	if err := b.AddList("x", strings.NewReader("198.51.100.1\n")); err != nil {
		t.Errorf("the last entry that there is room for: %v", err)
	}
}

// Indicators are used whatever they say of their end: a hunt may go back to when they held.
func TestIndicatorsThatHaveExpired(t *testing.T) {
	set, report := read(t, "x", `{"objects":[{"type":"indicator","valid_from":"2010-01-01T00:00:00Z","valid_until":"2011-01-01T00:00:00Z","pattern":"[domain-name:value = 'evil.example']"},`+
		`{"type":"indicator","valid_until":"no time","pattern":"[domain-name:value = 'second.example']"}]}`)
	if lookUp(set, "evil.example").Score == 0 || lookUp(set, "second.example").Score == 0 || report.Bad > 0 {
		t.Errorf("%d entries, %+v", set.Len(), report)
	}
}

// A pattern may be nested 32 deep, and JSON 64, as docs/indicators.md has it.
func TestNesting(t *testing.T) {
	for depth, want := range map[int]bool{1: true, 31: true, 40: false, 10_000: false} {
		pattern := strings.Repeat("(", depth) + "[domain-name:value = 'evil.example']" + strings.Repeat(")", depth)
		set, report := read(t, "x", `{"objects":[{"type":"indicator","pattern":"`+pattern+`"}]}`)
		if got := lookUp(set, "evil.example").Score > 0; got != want || !want && report.Bad != 1 {
			t.Errorf("a pattern %d deep: %t, %+v", depth, got, report)
		}
	}
	for depth, want := range map[int]bool{1: true, 30: true, 70: false} {
		text := strings.Repeat(`{"a":`, depth) + `{"objects":[{"type":"indicator","pattern":"[domain-name:value = 'evil.example']"}]}` + strings.Repeat("}", depth)
		set, report := read(t, "x", text)
		if got := lookUp(set, "evil.example").Score > 0; got != want || want == (len(report.Warnings) > 0) {
			t.Errorf("json %d deep: %t, %+v", depth, got, report)
		}
	}
}
