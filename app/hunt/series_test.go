package hunt

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/rounds"
)

const (
	wanderer = `C:\Tools\wander.exe`
	rotating = `C:\Tools\rota.exe`
)

// seriesLines are a fleet in which contacts are one series only when all shares have told what
// they saw: a task that looks nothing up and calls one name at several addresses, which other
// devices look up; runs of one task by command lines that turn out to be one template, as often
// as its trigger says.
func seriesLines(devices int, seed uint64) *logLines {
	l := fleetLines(devices)
	rng := rand.New(rand.NewPCG(seed, 9))
	today := dayBegins + 6*day
	addresses := []string{"93.184.219.1", "93.184.219.2", "93.184.219.3"}
	for n := range devices {
		device := fmt.Sprintf("WS%04d.corp.example", n)
		if n%6 == 0 {
			for i := range 40 {
				l.bare(device, today+900*i+n, wanderer, l.task(device, today+900*i+n-1, wanderer, wanderer), addresses[rng.IntN(len(addresses))])
			}
			continue
		}
		for i, address := range addresses {
			at := today + 1000*i + rng.IntN(900)
			l.call(device, at, syncer, l.task(device, at-1, syncer, syncer), "one-name.example.net", address)
		}
		if n%8 == 1 {
			l.rotate(device, today, n, rng)
		}
	}
	return l
}

// rotate registers a task and runs it every half hour, each time with arguments of its own and
// to one of a few hosts.
func (l *logLines) rotate(device string, today, n int, rng *rand.Rand) {
	l.start(device, today-3000, schtasks, `schtasks /create /tn \Rota`, shells, shells, "{0badcafe-0000-0000-0000-000000000077}")
	l.audit(device, 4698, today-3000, `\Rota`, rotating, "", l.pid())
	for i := range 30 {
		at := today + 1800*i + n
		id := l.task(device, at, rotating, fmt.Sprintf("%s /unit %c%c%c", rotating, 'a'+rng.IntN(26), 'a'+rng.IntN(26), 'a'+rng.IntN(26)))
		l.named(device, at+1, `\Rota`, rotating)
		l.call(device, at+2, rotating, id, fmt.Sprintf("r%d.rota-host.example.com", i%5), "93.184.219.9")
	}
}

// How regular contacts are is judged when all shares have told of theirs, and so says the same
// in shares as in one hunt.
func TestSeriesAreToldInShares(t *testing.T) {
	for seed := range uint64(rounds.Of(3, 1)) {
		lines := seriesLines(36, seed).lines
		options := []string{nowIs(7), "recent=1d", "lookback=7d", "max_devices=0", "output=all"}
		rows := huntWith(t, lines, "", options...)
		regular := 0
		for _, r := range rows {
			if r.Get("root_process") == wanderer && r.Get("beacon_score") > "0.5" {
				regular++
			}
		}
		if regular == 0 {
			t.Error("a task that calls one name at several addresses is not regular: the fleet proves nothing")
		}
		want := sorted(rows)
		for _, n := range rounds.Some(shareCounts, 1) {
			if got := sorted(inShares(t, lines, n, options)...); got != want {
				t.Fatalf("seed %d in %d shares:\n%s", seed, n, firstDifference(got, want))
			}
		}
	}
}
