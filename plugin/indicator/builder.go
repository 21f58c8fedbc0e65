package indicator

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
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

// errFull ends the reading of lists. What wraps it says of what there is too much.
var errFull = errors.New("the lists are too large; leave some out")

// Builder reads lists and makes a Set of them. It is for one goroutine.
type Builder struct {
	options  Options
	report   Report
	entries  int
	room     int // bytes of domains, and of command lines: maxBytes, and less in tests
	notes    noteTable
	ipv4     [33][]entry[v4]
	ipv6     [129][]entry[v6]
	digests  []entry[digest]
	domains  textEntries
	commands textEntries
	patterns []pattern
}

// NewBuilder returns a Builder without entries.
func NewBuilder(o Options) *Builder { return &Builder{options: o, room: maxBytes} }

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
		return fmt.Errorf("%w: they have more than %d entries", errFull, maxEntries)
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

// addGuessed takes a value for what it looks like. What looks like an address, a digest
// or a pattern, and is none, is named as that.
func (b *Builder) addGuessed(value string, note uint32) error {
	if _, marked := cutDigestMark(value); marked || len(value) == 64 && isHex(value) {
		return b.addDigest(value, note)
	}
	err := b.addAddress(value, note)
	switch {
	case err == nil || !errors.Is(err, errAddress) && !isURL(value):
		return err
	case isURL(value):
		return b.addHost(value, note)
	case isNumeric(value):
		return err
	}
	if name, isDigest := digestNames[len(value)]; isDigest && isHex(value) {
		return fmt.Errorf("%s is %s: only SHA-256 is matched", quoted(value), name)
	}
	if err := b.addDomain(withoutPort(value), note); err == nil || errors.Is(err, errSingle) || errors.Is(err, errPattern) || errors.Is(err, errFull) {
		return err
	}
	return fmt.Errorf("%s is no address, network, domain, URL or SHA-256", quoted(value))
}

// digestNames are digests by the number of their digits.
var digestNames = map[int]string{32: "an MD5", 40: "a SHA-1", 56: "a SHA-224", 96: "a SHA-384", 128: "a SHA-512"}

func isHex(value string) bool { return strings.Trim(value, "0123456789abcdefABCDEF") == "" }

// cutDigestMark takes away what says that a SHA-256 follows.
func cutDigestMark(value string) (digest string, marked bool) {
	if len(value) > 7 && strings.EqualFold(value[:6], "sha256") && (value[6] == ':' || value[6] == '=') {
		return strings.TrimSpace(value[7:]), true
	}
	return value, false
}

// withoutPort takes the port from a name.
func withoutPort(value string) string {
	if i := strings.LastIndexByte(value, ':'); i >= 0 && isPort(value[i:]) {
		return value[:i]
	}
	return value
}

// addAddress takes an address, a network or a range: see parseNetworks.
func (b *Builder) addAddress(value string, note uint32) error {
	networks, err := parseNetworks(value)
	if err != nil {
		return fmt.Errorf("%s: %w", quoted(value), err)
	}
	for _, p := range networks {
		bits := p.Bits()
		if a := p.Addr(); a.Is4() {
			b.ipv4[bits] = append(b.ipv4[bits], entry[v4]{keyV4(a).masked(bits), note})
		} else {
			b.ipv6[bits] = append(b.ipv6[bits], entry[v6]{keyV6(a).masked(bits), note})
		}
	}
	return nil
}

var errSingle = errors.New("a name without a dot would match a whole top-level domain or none; give the full name")

func (b *Builder) addDomain(value string, note uint32) error {
	if isNumeric(value) { // whatever a list calls it
		return b.addAddress(value, note)
	}
	name, err := parseDomain(value)
	if err != nil {
		return err
	}
	if len(b.domains.text)+len(name) > b.room {
		return fmt.Errorf("%w: they have more than %d bytes of domains", errFull, b.room)
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
	text, _ := cutDigestMark(value)
	if len(text) != 2*len(raw) {
		return fmt.Errorf("%s is no SHA-256: it has not 64 digits", quoted(value))
	}
	if _, err := hex.Decode(raw[:], []byte(text)); err != nil {
		return fmt.Errorf("%s is no SHA-256: %w", quoted(value), err)
	}
	b.digests = append(b.digests, entry[digest]{newDigest(raw), note})
	return nil
}

// minPattern is how much text a pattern needs beside its asterisks, in bytes.
const minPattern = 4

func (b *Builder) addCommand(value string, note uint32) error {
	switch {
	case len(value) > maxCommand:
		return fmt.Errorf("command line of %d bytes is too long", len(value))
	case len(b.commands.text)+len(value) > b.room:
		return fmt.Errorf("%w: they have more than %d bytes of command lines", errFull, b.room)
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
