package hold

import (
	"testing"
)

// Random events are harder to pack than real ones: most of their texts come once.
func BenchmarkWriter(b *testing.B) {
	set := NewSet(Limit{Bytes: 1 << 30})
	w, m := set.Writer(), newMaker(1)
	b.ReportAllocs()
	for b.Loop() {
		m.add(w)
	}
}

func BenchmarkReader(b *testing.B) {
	const events = 50_000
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		set := NewSet(Limit{})
		w, m := set.Writer(), newMaker(1)
		for range events {
			m.add(w)
		}
		r := set.Reader()
		b.StartTimer()
		for i := range Count {
			if _, err := r.Read(i); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/events, "ns/event")
}
