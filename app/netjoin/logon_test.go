package netjoin

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// randomLogons are logons of people and machines to two devices, some twice in one session.
func randomLogons(r *rand.Rand, s *event.Store) {
	sym := func(text string) event.Sym { return s.Symbols.Intern([]byte(text)) }
	devices, users := []event.Sym{sym("a"), sym("b")}, []event.Sym{sym(`CORP\ann`), sym(`CORP\bob`), sym(`CORP\SRV$`)}
	for range r.IntN(40) {
		from := event.Address{}
		if r.IntN(4) > 0 {
			from = event.NewAddress(netip.AddrFrom4([4]byte{10, 0, 0, byte(r.IntN(4))}))
		}
		at := event.Time(r.IntN(100)) * event.Second
		if r.IntN(6) == 0 {
			at += 30 * 60 * 60 * event.Second
		}
		s.Logons = append(s.Logons, event.Logon{Source: event.Source{Device: devices[r.IntN(2)], Time: at}, Session: uint64(1 + r.IntN(12)), User: users[r.IntN(3)], From: from})
	}
}

// slowly looks at every logon that fits, and returns the one that comes first.
func slowly(s *event.Store, fits func(*event.Logon) bool, first func(a, b event.Logon) int) string {
	var all []event.Logon
	for i := range s.Logons {
		if fits(&s.Logons[i]) {
			all = append(all, s.Logons[i])
		}
	}
	if len(all) == 0 {
		return "none"
	}
	l := slices.MinFunc(all, first)
	return fmt.Sprint(l.Time, l.Session, l.From.Addr())
}

// The closest logon, and that of a session, are those of a slow reading, in whatever order the logons come and
// however often.
func TestLogonsAgainstTheSlowOnes(t *testing.T) {
	close, tied := 0, 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 7))
		s := event.NewStore()
		randomLogons(r, s)
		device, session, start := event.Sym(1+r.IntN(2)), uint64(r.IntN(13)), event.Time(1+r.IntN(110))*event.Second
		if r.IntN(3) == 0 {
			start += 30 * 60 * 60 * event.Second
		}
		tie := func(a, b event.Logon) int {
			return cmp.Or(cmp.Compare(a.Session, b.Session), a.From.Addr().Compare(b.From.Addr()))
		}
		far := func(l event.Logon) event.Time { return max(l.Time-start, start-l.Time) }
		wantClose := slowly(s, func(l *event.Logon) bool {
			user := s.Symbols.String(l.User)
			return l.Device == device && user[len(user)-1] != '$' && l.Time-start >= -15*event.Second && l.Time-start <= 5*event.Second
		}, func(a, b event.Logon) int {
			return cmp.Or(cmp.Compare(far(a), far(b)), cmp.Compare(a.Time, b.Time), tie(a, b))
		})
		wantTied := slowly(s, func(l *event.Logon) bool {
			return session != 0 && l.Device == device && l.Session == session && l.Time <= start+5*event.Second && l.Time >= start-24*60*60*event.Second
		}, func(a, b event.Logon) int { return cmp.Or(cmp.Compare(b.Time, a.Time), -tie(a, b)) })
		for range 2 {
			all, gotClose, gotTied := LogonsTo(s), "none", "none"
			if l, some := all.Closest(device, start); some {
				gotClose = fmt.Sprint(l.At, l.Session, l.From)
			}
			if l, some := all.Of(device, session, start); some {
				gotTied = fmt.Sprint(l.At, l.Session, l.From)
			}
			if gotClose != wantClose || gotTied != wantTied {
				t.Fatalf("seed %d: closest %s, want %s; of the session %s, want %s", seed, gotClose, wantClose, gotTied, wantTied)
			}
			s.Logons = append(s.Logons, s.Logons...)
			r.Shuffle(len(s.Logons), func(i, j int) { s.Logons[i], s.Logons[j] = s.Logons[j], s.Logons[i] })
		}
		if wantClose != "none" {
			close++
		}
		if wantTied != "none" {
			tied++
		}
	}
	if close < 500 || tied < 300 || close > 2900 || tied > 2900 {
		t.Errorf("%d close, %d tied of 3000: these tell little", close, tied)
	}
	if _, some := LogonsTo(event.NewStore()).Closest(1, event.NoTime); some {
		t.Error("a process without a time has a logon close to it")
	}
}
