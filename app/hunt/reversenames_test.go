package hunt

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// withReverse are the lines with a name in each connection that the owner of the address gave
// it, as sensors add it that ask for the name of each.
func withReverse(lines []string, zone string) []string {
	named := slices.Clone(lines)
	for i, line := range named {
		_, rest, connection := strings.Cut(line, `"DestinationIp":"`)
		if !connection {
			continue
		}
		ip, _, _ := strings.Cut(rest, `"`)
		named[i] = strings.Replace(line, `"DestinationIp":`, `"DestinationHostname":"`+strings.ReplaceAll(zone, "#", strings.ReplaceAll(ip, ".", "-"))+`","DestinationIp":`, 1)
	}
	return named
}

// judgedOf is what a hunt says of findings: their ids, scores and reasons.
func judgedOf(rows []row.Row) (all []string) {
	for _, r := range rows {
		all = append(all, r.Get("finding_id")+" "+r.Get("score")+"\n"+r.Get("why"))
	}
	return all
}

// Whoever owns an address names it as he likes: where lookups are logged, no such name says
// whom a task called, or makes a tunnel of a network that numbers its hosts.
func TestReverseNamesHaveNoSay(t *testing.T) {
	l := fleetLines(60)
	odd := `C:\ProgramData\Odd\odd.exe`
	for n := range 12 { // one host of a network after the other, each by one name
		at := dayBegins + 6*day + 3600 + n*1800
		l.call("WS0007.corp.example", at+2, odd, l.task("WS0007.corp.example", at, odd, odd), "in.odd-place.com", "93.184.218."+string(rune('1'+n%9)))
	}
	options := []string{nowIs(7), "recent=1d", "lookback=8d", "max_devices=0", "output=findings"}
	want := judgedOf(huntWith(t, l.lines, "", options...))
	if len(want) == 0 || !strings.Contains(strings.Join(want, ""), "odd-place.com") {
		t.Fatalf("nothing goes to odd-place.com in %d findings", len(want))
	}
	for _, zone := range []string{"a#.deploy.static.akamaitechnologies.com", "ec2-#.rev.one-host.net", "cdn.alpha.com", "mail.one-host.net"} {
		if got := judgedOf(huntWith(t, withReverse(l.lines, zone), "", options...)); !slices.Equal(got, want) {
			t.Errorf("beneath %s they are judged otherwise:\n%s\nwithout:\n%s", zone, strings.Join(got[:min(2, len(got))], "\n"), strings.Join(want[:min(2, len(want))], "\n"))
		}
	}
}

func TestIsNumbered(t *testing.T) {
	for name, want := range map[string]bool{
		"a93-184-216-34.deploy.static.akamaitechnologies.com": true, "ec2-93-184-216-34.compute.amazonaws.com": true, "34.216.184.93.in-addr.example": true,
		"server-93-184-216-34.fra56.r.cloudfront.net": true, "cdn.alpha.com": false, "s3-1-w.amazonaws.com": false, "host34.example": false, "x216.y34.example": true, "": false,
	} {
		if got := isNumbered(name, netip.MustParseAddr("93.184.216.34")); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
	if isNumbered("a93-184-216-34.example", netip.MustParseAddr("2001:db8::1")) || !isNumbered("a93-184-216-34.example", netip.MustParseAddr("::ffff:93.184.216.34")) {
		t.Error("of version 6")
	}
}

// Without lookups they are better than nothing, but many of them are no tunnel.
func TestReverseNamesAlone(t *testing.T) {
	l := fleetLines(60)
	odd := `C:\ProgramData\Odd\odd.exe`
	for n := range 12 {
		at := dayBegins + 6*day + 3600 + n*1800
		l.bare("LONE.corp.example", at+2, odd, l.task("LONE.corp.example", at, odd, odd), "93.184.218."+string(rune('1'+n%9)))
	}
	rows := huntWith(t, withReverse(l.lines, "a#.rev.one-host.net"), "", nowIs(7), "recent=1d", "lookback=8d", "max_devices=0", "output=findings")
	at := slices.IndexFunc(rows, func(r row.Row) bool { return strings.Contains(r.Get("root_process"), odd) })
	if at < 0 {
		t.Fatal("the odd task is not there")
	}
	if why := rows[at].Get("why"); !strings.Contains(why, "one-host.net") || strings.Contains(why, "names +") {
		t.Error(why)
	}
}
