package view

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// Of a finding's row no destination is lost, names stand before addresses, and each of both in
// the row's order.
func TestNamesBeforeAddresses(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	for range 200 {
		var remotes, addresses, names, alone []string
		for i := range r.IntN(8) {
			text := string(rune('a'+i)) + []string{".example", ":b::1"}[r.IntN(2)]
			remotes = append(remotes, text)
			if strings.HasSuffix(text, ":1") {
				addresses, alone = append(addresses, text), append(alone, text)
			} else {
				addresses, names = append(addresses, "192.0.2.1"), append(names, text)
			}
		}
		rows := row.BuildFindings([]*row.Finding{{ID: "f", Remotes: remotes, IPs: addresses, Shown: &row.Tree{}}}, nil)
		var got []string
		for _, remote := range Of(rows)[0].Remotes {
			got = append(got, remote.Name)
		}
		if want := slices.Concat(names, alone); !slices.Equal(got, want) {
			t.Fatalf("%q with the addresses %q: %q, want %q", remotes, addresses, got, want)
		}
	}
}
