package indicator

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"time"
)

// Options say what holds for entries unless their list says otherwise.
type Options struct {
	Score float64       // of entries whose list gives none, 0 to 100
	TTL   time.Duration // of every verdict; 0 leaves it to the host
}

// The bounds on what is held in memory.
const (
	maxEntries = 20_000_000
	maxBytes   = 1 << 30 // of domains, and of command lines
)

var errFull = fmt.Errorf("lists hold at most %d entries; leave some out", maxEntries)

// Builder reads lists and makes a Set of them. It is for one goroutine.
type Builder struct {
	options  Options
	report   Report
	entries  int
	notes    noteTable
	ipv4     [33][]entry[v4]
	ipv6     [129][]entry[v6]
	digests  []entry[digest]
	domains  textEntries
	commands textEntries
	patterns []pattern
}

// NewBuilder returns a Builder without entries.
func NewBuilder(o Options) *Builder { return &Builder{options: o} }

// Report tells what was read so far. It is the builder's own.
func (b *Builder) Report() *Report { return &b.report }

// Build makes the set. The builder must not be used after it.
func (b *Builder) Build() *Set { return b.build(rand.Uint64()) }

func (b *Builder) build(seed uint64) *Set {
	settled, ids := b.notes.settle()
	s := &Set{
		notes: settled, ttl: b.options.TTL,
		ipv4: newPrefixes(b.ipv4[:], ids), ipv6: newPrefixes(b.ipv6[:], ids),
		digests: newTable(b.digests, ids), domains: newNames(&b.domains, ids, seed),
		commands: commands{exact: newNames(&b.commands, ids, seed), patterns: b.patterns},
	}
	for i := range s.commands.patterns {
		s.commands.patterns[i].note = ids[s.commands.patterns[i].note]
	}
	s.commands.order(&s.notes)
	return s
}

// add puts one entry of a list into the builder.
func (b *Builder) add(kind kind, value string, n note) error {
	if b.entries >= maxEntries {
		return errFull
	}
	if !(n.score >= 0 && n.score <= 100) {
		return fmt.Errorf("score %v is not between 0 and 100", n.score)
	}
	n.label, n.source = clean(n.label), clean(n.source)
	if err := b.addValue(kind, value, b.notes.intern(n)); err != nil {
		return err
	}
	b.entries++
	b.report.Entries++
	return nil
}

func (b *Builder) addValue(kind kind, value string, note uint32) error {
	switch kind {
	case address:
		return b.addAddress(value, note)
	case domain:
		return b.addDomain(value, note)
	case url:
		return b.addHost(value, note)
	case sha256:
		return b.addDigest(value, note)
	case commandLine:
		return b.addCommand(value, note)
	}
	return b.addGuessed(value, note)
}

// addGuessed takes a value for what it looks like.
func (b *Builder) addGuessed(value string, note uint32) error {
	if err := b.addAddress(value, note); err == nil || errors.Is(err, errWide) {
		return err
	}
	if err := b.addDigest(value, note); err == nil {
		return nil
	}
	if isURL(value) {
		return b.addHost(value, note)
	}
	if err := b.addDomain(value, note); err == nil || errors.Is(err, errSingle) {
		return err
	}
	return fmt.Errorf("%s is no address, network, domain, URL or SHA-256", quoted(value))
}

var errWide = errors.New("network /0 would match every address")

// addAddress takes an address or a network. Bits of the network's host part do not
// matter.
func (b *Builder) addAddress(value string, note uint32) error {
	prefix, err := parsePrefix(value)
	if err != nil {
		return err
	}
	if prefix.Bits() == 0 {
		return errWide
	}
	bits := prefix.Bits()
	if a := prefix.Addr(); a.Is4() {
		b.ipv4[bits] = append(b.ipv4[bits], entry[v4]{keyV4(a).masked(bits), note})
	} else {
		b.ipv6[bits] = append(b.ipv6[bits], entry[v6]{keyV6(a).masked(bits), note})
	}
	return nil
}

// parsePrefix reads an address or a network. IPv4 in the form of IPv6 is IPv4.
func parsePrefix(value string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(value); err == nil {
		addr = addr.Unmap().WithZone("")
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(value)
	if err != nil {
		return prefix, fmt.Errorf("%s is no address or network", quoted(value))
	}
	if a := prefix.Addr(); a.Is4In6() && prefix.Bits() >= 96 {
		prefix = netip.PrefixFrom(a.Unmap(), prefix.Bits()-96)
	}
	return prefix, nil
}

var errSingle = errors.New("a name without a dot would match a whole top-level domain or none; give the full name")

func (b *Builder) addDomain(value string, note uint32) error {
	name, err := parseDomain(value)
	if err != nil {
		return err
	}
	if len(b.domains.text)+len(name) > maxBytes {
		return errFull
	}
	b.domains.add(name, note)
	return nil
}

// addHost takes the host of a URL.
func (b *Builder) addHost(value string, note uint32) error {
	host := hostOf(value)
	if b.addAddress(host, note) == nil {
		return nil
	}
	if err := b.addDomain(host, note); err != nil {
		return fmt.Errorf("URL %s: %w", quoted(value), err)
	}
	return nil
}

func (b *Builder) addDigest(value string, note uint32) error {
	var raw [32]byte
	if len(value) != 2*len(raw) {
		return fmt.Errorf("%s is no SHA-256: it has not 64 digits", quoted(value))
	}
	if _, err := hex.Decode(raw[:], []byte(value)); err != nil {
		return fmt.Errorf("%s is no SHA-256: %w", quoted(value), err)
	}
	b.digests = append(b.digests, entry[digest]{newDigest(raw), note})
	return nil
}

// minPattern is how much text a pattern needs beside its asterisks, in bytes.
const minPattern = 4

func (b *Builder) addCommand(value string, note uint32) error {
	if len(value) > maxCommand || len(b.commands.text)+len(value) > min(maxBytes, math.MaxUint32) {
		return fmt.Errorf("command line of %d bytes is too long", len(value))
	}
	command := appendCommand(nil, value)
	p := newPattern(command, note)
	switch {
	case len(command) == 0:
		return errors.New("empty command line")
	case len(p.parts) == 1 && p.size() == len(command):
		b.commands.add(command, note)
	case p.size() < minPattern:
		return fmt.Errorf("pattern %s would match too much: give at least %d characters beside the asterisks", quoted(value), minPattern)
	case len(b.patterns) >= maxPatterns:
		return fmt.Errorf("there are more than %d patterns of command lines, each of which costs time at every look-up", maxPatterns)
	default:
		b.patterns = append(b.patterns, p)
	}
	return nil
}
