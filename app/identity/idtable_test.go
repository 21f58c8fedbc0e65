package identity

import (
	"hash/maphash"
	"math/rand/v2"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

func TestIDTableIsAMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var table idTable
	for range 100 {
		oracle := map[idKey]int32{}
		table.reset(maphash.MakeSeed(), r.IntN(50))
		for i := range int32(400) {
			key := idKey{event.Sym(r.IntN(3)), event.ID{Hi: r.Uint64N(8) << (8 * r.IntN(8)), Lo: 1 + r.Uint64N(8)}}
			want, known := oracle[key]
			if got, there := table.get(key); there != known || known && got != want {
				t.Fatalf("get(%v) = %d, %v, want %d, %v", key, got, there, want, known)
			}
			if got := table.setFirst(key, i); got != setFirst(oracle, key, i) {
				t.Fatalf("setFirst(%v) = %d, want %d", key, got, oracle[key])
			}
		}
	}
}

// Ids that differ in few bits, as Sysmon's do, have slots of their own.
func TestIDTableScatters(t *testing.T) {
	const n = 1 << 14
	for name, key := range map[string]func(i uint64) idKey{
		"counted low":  func(i uint64) idKey { return idKey{1, event.ID{Hi: 1, Lo: i + 1}} },
		"counted high": func(i uint64) idKey { return idKey{1, event.ID{Hi: i << 40, Lo: 1}} },
		"Sysmon's": func(i uint64) idKey {
			return idKey{1, event.ID{Hi: 0xe1f1ee248a8a6b00 + i>>6, Lo: 0x0263000000000100 + i<<48}}
		},
		"other devices": func(i uint64) idKey { return idKey{event.Sym(i), event.ID{Hi: 7, Lo: 7}} },
	} {
		var table idTable
		table.reset(maphash.MakeSeed(), n)
		for i := range uint64(n) {
			table.setFirst(key(i), int32(i))
		}
		longest := 0
		for i := range uint64(n) {
			for at, steps := table.hash(key(i))&uint64(len(table.slots)-1), 1; ; at, steps = (at+1)&uint64(len(table.slots)-1), steps+1 {
				if longest = max(longest, steps); table.slots[at].idKey == key(i) {
					break
				}
			}
		}
		if longest > 100 {
			t.Errorf("%s: %d slots are looked at for one id", name, longest)
		}
	}
}
