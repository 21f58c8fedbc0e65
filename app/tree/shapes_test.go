package tree

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/identity"
)

// chain and fan are shapes that a recursive or quadratic builder does not survive.
func chain(n int) fleet {
	f := newFleet()
	for i := range n {
		words := [2]string{"cmd.exe", "cmd.exe"}
		if i == 0 {
			words = [2]string{"svchost.exe", scheduleLine}
		}
		f.starts("pc", n+1-i, [2]string{"cmd.exe", "cmd.exe"}, n+2-i, words)
	}
	return f
}

func fan(n int) fleet {
	f := newFleet()
	f.starts("pc", n, [2]string{"cmd.exe", "cmd.exe"}, n+1, [2]string{"svchost.exe", scheduleLine})
	for i := 1; i < n; i++ {
		f.starts("pc", i, [2]string{"cmd.exe", "cmd.exe"}, n, [2]string{"cmd.exe", "cmd.exe"})
	}
	return f
}

func TestLongChainsAndWideFans(t *testing.T) {
	const n = 100_000
	_, f := chain(n).build(n)
	if len(f.Roots) != 1 || f.Report.Deepest != n || len(f.Order) != n || f.Report.TooDeep != 0 {
		t.Errorf("chain: %d roots, %d in order, %+v", len(f.Roots), len(f.Order), f.Report)
	}
	_, f = chain(n).build(33)
	if len(f.Order) != 33 || f.Report.TooDeep != n-33 {
		t.Errorf("cut chain: %d in order, %+v", len(f.Order), f.Report)
	}
	_, f = fan(n).build(2)
	if len(f.Roots) != 1 || len(f.Children(f.Roots[0])) != n-1 || f.Report.Deepest != 2 {
		t.Errorf("fan: %d roots, %+v", len(f.Roots), f.Report)
	}
	ring := chain(n)
	ring.Processes[0].Parent.ID = guid(2) // the last, where the loop is cut
	if _, f = ring.build(n); f.Report.Cycles != 1 || len(f.Order) != n-1 {
		t.Errorf("ring: %d in order, %+v", len(f.Order), f.Report)
	}
}

func BenchmarkBuild(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	f := newFleet()
	words := [][2]string{{"svchost.exe", scheduleLine}, {"cmd.exe", "cmd.exe"}, {"explorer.exe", "explorer.exe"}}
	for i := range 100_000 {
		f.starts(fmt.Sprintf("host-%d", r.IntN(500)), i+1, words[1], r.IntN(i+1), words[r.IntN(len(words))])
	}
	f.Settle()
	roster := identity.NewRoster(f.Store)
	b.ReportAllocs()
	for b.Loop() {
		Build(roster, Options{Start: Schedule{}, MaxDepth: 33})
	}
}
