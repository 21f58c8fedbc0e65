// Package indicator matches addresses, host names, SHA-256 digests and command lines
// against indicator lists held in memory. Lists are plain text, CSV, MISP JSON or
// STIX 2.1 JSON.
//
// A million entries take a few tens of megabytes and a look-up about a microsecond:
// entries stand in sorted arrays and hash tables without pointers, which the garbage
// collector does not walk.
package indicator

import (
	"context"
	"encoding/hex"
	"net/netip"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// Set is what a Builder made of lists. It does not change and is safe for concurrent
// use.
type Set struct {
	notes    notes
	ttl      time.Duration
	ipv4     prefixes[v4]
	ipv6     prefixes[v6]
	digests  table[digest]
	domains  names
	commands commands
}

// Lookup returns the verdict on an indicator, the zero Verdict when no entry matches.
// Where several match, the highest score is taken, then the source that sorts first,
// then the most specific entry: an address before its network, a.evil.example before
// evil.example, a whole command line before a pattern.
//
// The strings of the verdict are the set's own and stay valid.
func (s *Set) Lookup(i plugin.Indicator) plugin.Verdict {
	id, found := s.find(i)
	if !found {
		return plugin.Verdict{}
	}
	v := s.notes.verdict(id)
	v.TTL = s.ttl
	return v
}

// Enrich is Lookup for a batch, as a plugin.Enricher does it. It stops when ctx ends.
func (s *Set) Enrich(ctx context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error) {
	verdicts := make([]plugin.Verdict, len(batch))
	for i := range batch {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		verdicts[i] = s.Lookup(batch[i])
	}
	return verdicts, nil
}

func (s *Set) find(i plugin.Indicator) (id uint32, found bool) {
	switch i.Kind {
	case plugin.IP:
		return s.findAddress(i.Value)
	case plugin.Domain:
		return s.findDomain(i.Value)
	case plugin.SHA256:
		key, ok := parseDigest(i.Value)
		if !ok {
			return 0, false
		}
		return s.digests.find(key)
	case plugin.CommandLine:
		return s.commands.find(i.Value, &s.notes)
	}
	return 0, false
}

func (s *Set) findAddress(value string) (id uint32, found bool) {
	addr, err := netip.ParseAddr(strings.TrimSpace(value))
	if err != nil {
		return 0, false
	}
	if addr = addr.Unmap(); addr.Is4() {
		return s.ipv4.find(keyV4(addr), &s.notes)
	}
	return s.ipv6.find(keyV6(addr), &s.notes)
}

// findDomain looks for the name and for every domain above it. A host that is an
// address in digits is looked up as one.
func (s *Set) findDomain(value string) (id uint32, found bool) {
	var buffer [maxDomain + 1]byte
	if len(value) > len(buffer) {
		return 0, false
	}
	name := appendDomain(buffer[:0], value)
	if len(name) == 0 {
		return 0, false
	}
	if last := name[len(name)-1]; last >= '0' && last <= '9' || strings.IndexByte(value, ':') >= 0 {
		if id, found := s.findAddress(value); found {
			return id, true
		}
	}
	return s.domains.findSuffix(name, &s.notes)
}

// parseDigest reads 64 hexadecimal digits.
func parseDigest(value string) (key digest, ok bool) {
	var raw [32]byte
	if len(value) != 2*len(raw) {
		return key, false
	}
	if _, err := hex.Decode(raw[:], []byte(value)); err != nil {
		return key, false
	}
	return newDigest(raw), true
}

// Len returns the number of distinct entries.
func (s *Set) Len() int {
	return s.ipv4.len() + s.ipv6.len() + len(s.digests.keys) + s.domains.len() + s.commands.len()
}

// Bytes returns what the entries take in memory, in bytes.
func (s *Set) Bytes() int {
	return s.notes.bytes() + s.ipv4.bytes() + s.ipv6.bytes() + s.digests.bytes() + s.domains.bytes() + s.commands.bytes()
}
