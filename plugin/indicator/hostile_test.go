package indicator

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// What looks like an address, a digest or a pattern and is none is named as what it
// looks like, whatever a list calls it, and is never a domain.
func TestWhatCannotBe(t *testing.T) {
	for value, want := range map[string]string{
		"203.000.113.007": "leading zeros", "256.1.1.1": "above 255", "1.2.3": "no address", "1.2.3.4.5": "no address", "203.0.113.0/33": "no address",
		"203.0.113.9-203.0.113.1": "ends before", "203.0.113.1-2001:db8::1": "the other way round", "0.0.0.0-255.255.255.255": "every address", "0.0.0.0/0": "every address",
		"203.0.113.0/255.0.255.0": "netmask", "203.0.113.0 255.0.255.0": "netmask", "203.0.113.7:0": "no address", "203.0.113.7:99999": "no address", "[2001:db8::1]:x": "no address",
		"2001:db8::g": "no address", "*.*.*.*": "no address", "10.*.1.*": "no address", "*mid.example": "asterisk", "evil*.example": "asterisk", "*.ev*l.example": "asterisk",
		"d41d8cd98f00b204e9800998ecf8427e": "an MD5", strings.Repeat("a", 40): "a SHA-1", strings.Repeat("a", 128): "a SHA-512", "sha256:abc": "no SHA-256", "sha256:" + strings.Repeat("g", 64): "no SHA-256",
		"203.0.113.256-203.0.113.300": "above 255", "1.2.3.4-": "no address",
	} {
		for _, form := range []string{"%s\n", "indicator,type\n\"%s\",domain\n", "indicator,type\n\"%s\",\n"} {
			set, report := read(t, "x", fmt.Sprintf(form, value))
			if set.Len() != 0 || report.Bad != 1 {
				t.Errorf("%q of %q: %d entries, %d bad", form, value, set.Len(), report.Bad)
				continue
			}
			if isDigest := len(value) > 30 || strings.HasPrefix(value, "sha"); isDigest && strings.Contains(form, "domain") {
				continue // a name that has no dot
			}
			if !strings.Contains(report.Problems[0], want) || !strings.Contains(report.Problems[0], value[:3]) {
				t.Errorf("%q is said to be %q, want %q", value, report.Problems[0], want)
			}
		}
	}
}

// Networks are read in every way that people write them.
func TestWaysToWriteNetworks(t *testing.T) {
	for value, c := range map[string]struct{ in, out string }{
		"198.51.100.4-198.51.100.9": {"198.51.100.4 198.51.100.7 198.51.100.9", "198.51.100.3 198.51.100.10"}, "198.51.100.4 - 198.51.100.9": {"198.51.100.5", "198.51.100.10"},
		"198.51.100.4-9": {"198.51.100.9", "198.51.100.10"}, "198.51.100.0/255.255.255.128": {"198.51.100.127", "198.51.100.128"}, "198.51.100.0 255.255.255.128": {"198.51.100.1", "198.51.100.128"},
		"198.51.100.*": {"198.51.100.0 198.51.100.255", "198.51.101.0"}, "198.51.100.7:443": {"198.51.100.7", "198.51.100.8"}, "[2001:db8::7]:443": {"2001:db8::7", "2001:db8::8"},
		"[2001:db8::7]": {"2001:db8::7", "2001:db8::8"}, "2001:db8::4-2001:db8::9": {"2001:db8::9", "2001:db8::a"}, "::ffff:198.51.100.0/120": {"198.51.100.9", "198.51.101.0"},
		"198(.)51(.)100(.)7": {"198.51.100.7", "198.51.100.8"}, "198[.]51{.}100(.)7": {"198.51.100.7", "198.51.100.8"}, "hxxp://198.51.100.7:8080/x": {"198.51.100.7", "198.51.100.8"},
	} {
		set, report := read(t, "x", value+"\n")
		if report.Bad != 0 || report.Entries != 1 {
			t.Errorf("%q: %+v", value, report)
		}
		for where, known := range map[string]bool{c.in: true, c.out: false} {
			for address := range strings.FieldsSeq(where) {
				if v := set.Lookup(plugin.Indicator{Kind: plugin.IP, Value: address}); (v.Score > 0) != known {
					t.Errorf("%q: %s has %v", value, address, v)
				}
			}
		}
	}
	set, _ := read(t, "x", "evil.example:8443\nsha256:"+hash+"\nSHA256="+strings.Repeat("ab", 32)+"\nbad(.)example\n")
	for _, value := range []string{"evil.example", hash, strings.Repeat("AB", 32), "bad.example"} {
		if lookUp(set, value).Score == 0 {
			t.Errorf("%s is unknown", value)
		}
	}
}

// The networks of a range hold its addresses and no others, and are as few as can be:
// no two of them are one.
func TestCover(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	address := func(n uint32) netip.Addr {
		var raw [4]byte
		binary.BigEndian.PutUint32(raw[:], n)
		return netip.AddrFrom4(raw)
	}
	for range 300 {
		first := r.Uint32() >> r.IntN(30)
		last := first + r.Uint32N(2000)
		if last < first || last == ^uint32(0) {
			continue
		}
		networks, err := cover(address(first), address(last))
		if err != nil {
			t.Fatal(err)
		}
		for n := first - min(3, first); n <= last+3; n++ {
			holds := 0
			for _, p := range networks {
				if p.Contains(address(n)) {
					holds++
				}
			}
			if want := n >= first && n <= last; (holds == 1) != want || holds > 1 {
				t.Fatalf("%s-%s: %d of %v hold %s", address(first), address(last), holds, networks, address(n))
			}
		}
		for i := range len(networks) - 1 {
			wider := netip.PrefixFrom(networks[i].Addr(), networks[i].Bits()-1)
			if networks[i].Bits() == networks[i+1].Bits() && wider.Masked() == wider && wider.Contains(networks[i+1].Addr()) {
				t.Fatalf("%v and %v are one network", networks[i], networks[i+1])
			}
		}
	}
	if networks, err := cover(netip.MustParseAddr("255.255.255.254"), netip.MustParseAddr("255.255.255.255")); err != nil || len(networks) != 1 {
		t.Errorf("%v, %v", networks, err)
	}
}

func packed(text []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(text)
	_ = w.Close()
	return out.Bytes()
}

func wide(text string, order binary.ByteOrder, mark bool) (out []byte) {
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	for _, u := range units {
		out = binary.BigEndian.AppendUint16(out, u)
		if order == binary.LittleEndian {
			slices.Reverse(out[len(out)-2:])
		}
	}
	return out
}

// How a list is encoded has no part in what it says.
func TestEncodings(t *testing.T) {
	for _, text := range []string{
		"evil.example\r\n198.51.100.0/24\r\nb\u00fccher.example\r\n", "indicator,type\r\nevil.example,domain\r\n198.51.100.0/24,cidr\r\nb\u00fccher.example,domain\r\n",
		`{"objects":[{"type":"indicator","pattern":"[domain-name:value IN ('evil.example','b` + "\u00fc" + `cher.example') OR ipv4-addr:value = '198.51.100.0/24']"}]}`,
	} {
		forms := map[string][]byte{"plain": []byte(text), "mark": []byte("\ufeff" + text)}
		for name, order := range map[string]binary.ByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
			forms[name], forms[name+", marked"] = wide(text, order, false), wide(text, order, true)
		}
		for name, form := range forms {
			for _, raw := range [][]byte{form, packed(form)} {
				set, report := read(t, "x", string(raw))
				if len(report.Problems)+len(report.Warnings) > 0 {
					t.Errorf("%s: %+v", name, report)
				}
				expect(t, set, "evil.example: 75  x", "198.51.100.9: 75  x", "BÜCHER.example: 75  x")
			}
		}
	}
}

// A packed list that breaks off, or never ends, costs what is behind.
func TestBrokenArchives(t *testing.T) {
	whole := packed([]byte("evil.example\n" + strings.Repeat("# padding that does not pack well: "+hash+"\n", 2)))
	b := NewBuilder(Options{Score: 1})
	if err := b.AddList("cut.gz", bytes.NewReader(whole[:len(whole)-6])); err != nil || len(b.Report().Warnings) != 1 || b.Report().Entries != 1 {
		t.Errorf("%v, %+v", err, b.Report())
	}
	b = NewBuilder(Options{})
	if err := b.AddList("odd.gz", strings.NewReader("\x1f\x8b evil.example\n")); err != nil || !strings.Contains(strings.Join(b.Report().Warnings, ";"), "packed by gzip") {
		t.Errorf("%v, %+v", err, b.Report())
	}
	u := &unpacked{r: strings.NewReader(strings.Repeat("x", 100)), left: 50}
	if _, err := u.Read(make([]byte, 80)); !errors.Is(err, errUnpacked) {
		t.Errorf("%v", err)
	}
}

// A page that says where a feed has moved to is no list.
func TestWebPages(t *testing.T) {
	for _, page := range []string{"<!DOCTYPE html>\n<a href=x>moved.example</a>\nevil.example\n", "  <html><body>\nevil.example\n", "<?xml version=\"1.0\"?>\n<html xmlns=\"x\">\nevil.example"} {
		set, report := read(t, "feed.txt", page)
		if set.Len() != 0 || len(report.Warnings) != 1 || !strings.Contains(report.Warnings[0], "feed.txt is a web page") {
			t.Errorf("%d entries, %+v", set.Len(), report)
		}
	}
}

// However a name beyond ASCII is written, in a list or in an event, it is the same.
func TestNamesBeyondASCII(t *testing.T) {
	ways := []string{"bücher.example", "BÜCHER.example", "Bu\u0308cher.Example.", "xn--bcher-kva.example", "XN--BCHER-KVA.EXAMPLE", "bücher。example"}
	for _, listed := range ways {
		set, report := read(t, "x", listed+"\n")
		for _, seen := range ways {
			if lookUp(set, seen).Score == 0 || lookUp(set, "www."+seen).Score == 0 {
				t.Errorf("listed %q, seen %q: unknown; %v", listed, seen, report.Problems)
			}
		}
		if lookUp(set, "bucher.example").Score != 0 {
			t.Errorf("listed %q: another name matches", listed)
		}
	}
}

// One list of several that is missing or is no file loses itself, and is said.
func TestFilesThatAreNone(t *testing.T) {
	folder := t.TempDir()
	good := filepath.Join(folder, "good.txt")
	if err := os.WriteFile(good, []byte("evil.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	none := map[string]string{filepath.Join(folder, "none.txt"): "none.txt", folder: "a folder"}
	pipe := filepath.Join(folder, "feed.pipe")
	if makePipe(pipe) == nil {
		none[pipe] = "a named pipe"
	}
	for path, want := range none {
		var log strings.Builder
		e := &Enricher{Log: &log}
		if err := e.Configure(t.Context(), map[string]string{"files": path + "," + good}); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if text := log.String(); !strings.HasPrefix(text, plugin.WarningMark) || !strings.Contains(text, want) {
			t.Errorf("%s: it says %q", path, text)
		}
		if v, err := e.Enrich(context.Background(), []plugin.Indicator{{Kind: plugin.Domain, Value: "evil.example"}}); err != nil || v[0].Score == 0 {
			t.Errorf("%s: %v, %v", path, v, err)
		}
		if err := (&Enricher{}).Configure(t.Context(), map[string]string{"files": path}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s alone: %v", path, err)
		}
	}
}
