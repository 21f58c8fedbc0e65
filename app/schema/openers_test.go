package schema

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// The search that asks every program is the oracle of the one that asks a few.
func TestOpenersLeaveNoProgramOut(t *testing.T) {
	r := newReading(t)
	any := &r.layouts.any
	if n := len(any.programs); n > setSize {
		t.Errorf("%d programs for sets of %d: those beyond are always tried", n, setSize)
	}
	tried := 0
	for _, f := range fixtures() {
		rec := f.record()
		full := record.New(Names())
		if raw := f[Raw]; raw != "" {
			_ = record.Decode([]byte(raw), full) // broken ones are fixtures too
		}
		for _, one := range []*record.Record{rec, full} {
			var all, few search
			a, b := *all.find(any.programs, nil, one), *few.find(any.programs, any.openers, one)
			if a.program != b.program || a.table != b.table {
				t.Fatalf("%v: all programs find %p, the openers %p", f, a.table, b.table)
			}
			for i := range any.programs {
				if any.openers.of(one).has(i) {
					tried++
				}
			}
		}
	}
	if most := len(fixtures()) * 2 * len(any.programs) / 3; tried > most {
		t.Errorf("%d programs are tried, want fewer than %d", tried, most)
	}
}
