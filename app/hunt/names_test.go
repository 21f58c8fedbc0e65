package hunt

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// bare is a connection for which nothing was looked up.
func (l *logLines) bare(device string, at int, image, id, ip string) {
	l.call(device, at, image, id, "", ip)
	l.lines = slices.Delete(l.lines, len(l.lines)-2, len(l.lines)-1)
}

// sharedAddress is where two vendors' servers are, as customers of one network are: an
// address that lookups call by several names.
const sharedAddress = "93.184.217.1"

const (
	delta   = `C:\Program Files\Delta\update.exe`
	epsilon = `C:\Program Files\Epsilon\update.exe`
	syncer  = `C:\Tools\sync.exe`
)

// sharedLines is a fleet of seven days. Twenty devices have one vendor's updater, ten the
// other's, and twenty a tool that goes to the same address and never looks it up. On the last
// day one updater does not look its server up either.
func sharedLines() *logLines {
	l := fleetLines(60)
	for d := range 7 {
		for n := range 50 {
			device, at := fmt.Sprintf("WS%04d.corp.example", n), dayBegins+d*day+9000+n
			switch {
			case n == 3 && d == 6:
				l.bare(device, at+2, delta, l.task(device, at, delta, delta), sharedAddress)
			case n < 20:
				l.call(device, at+2, delta, l.task(device, at, delta, delta), "cdn.delta.com", sharedAddress)
			case n < 30:
				l.call(device, at+2, epsilon, l.task(device, at, epsilon, epsilon), "cdn.epsilon.com", sharedAddress)
			default:
				l.bare(device, at+2, syncer, l.task(device, at, syncer, syncer), sharedAddress)
			}
		}
	}
	return l
}

// departsBy are findings that depart by something of a name.
func departsBy(rows []row.Row, name string) (some []row.Row) {
	for _, r := range rows {
		for line := range strings.Lines(r.Get("why")) {
			if _, how, departs := strings.Cut(line, "departs "); departs && strings.Contains(how, name) {
				some = append(some, r)
				break
			}
		}
	}
	return some
}

// huntedWays hunts in all seven days, and in the last with a census of the six before.
func huntedWays(t *testing.T, l *logLines) map[string][]row.Row {
	t.Helper()
	options := []string{nowIs(7), "recent=1d", "lookback=8d", "max_devices=0", "output=findings"}
	var before []string
	for d := range 6 {
		before = append(before, linesOf(l, d)...)
	}
	base := censusFile(huntWith(t, before, "", nowIs(6), "recent=1d", "lookback=8d", "output=census"))
	return map[string][]row.Row{"all days": huntWith(t, l.lines, "", options...), "a day and a census": huntWith(t, linesOf(l, 6), base, options...)}
}

// A task that goes without a lookup to an address of several names, one of which it has gone
// to all the time, does nothing new.
func TestAnAddressIsWhatTheTaskKnows(t *testing.T) {
	for way, rows := range huntedWays(t, sharedLines()) {
		for _, r := range departsBy(rows, sharedAddress) {
			t.Errorf("%s: %s bits, %s: %s", way, r.Get("score"), r.Get("root_template"), r.Get("why"))
		}
	}
}

// A task that knows none of the names departs by the address, as before; and one that has
// gone to the address all the time departs by a name that is new to it.
func TestAnAddressLendsNoName(t *testing.T) {
	l := sharedLines()
	at := dayBegins + 6*day + 12_000
	beta := `C:\Program Files\Beta\update.exe`
	l.bare("WS0055.corp.example", at+2, beta, l.task("WS0055.corp.example", at, beta, `"`+beta+`" /device:00550055 /day:2026-11-07`), sharedAddress)
	l.call("WS0056.corp.example", at+2, syncer, l.task("WS0056.corp.example", at, syncer, syncer), "c2.new-at-the-network.com", sharedAddress)
	for way, rows := range huntedWays(t, l) {
		if some := departsBy(rows, sharedAddress); len(some) != 1 || !strings.Contains(some[0].Get("root_template"), "beta") {
			t.Errorf("%s: %d findings depart by the address: %v", way, len(some), some)
		}
		if some := departsBy(rows, "new-at-the-network.com"); len(some) != 1 {
			t.Errorf("%s: %d findings depart by the new name", way, len(some))
		}
	}
}
