package indicator

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/idna"
)

// kind is what a list says a value is.
type kind uint8

const (
	guessed kind = iota // the list does not say
	address             // or a network
	domain
	url // of which the host is taken
	sha256
	commandLine
)

// kinds are the names that lists have for them, in lower case without blanks, hyphens
// and underscores.
var kinds = map[string]kind{
	"": guessed, "indicator": guessed, "ioc": guessed,
	"ip": address, "ipv4": address, "ipv6": address, "ipaddress": address, "ipv4addr": address, "ipv6addr": address,
	"address": address, "addr": address, "ipsrc": address, "ipdst": address, "destip": address,
	"cidr": address, "network": address, "subnet": address, "netblock": address, "ipv4cidr": address, "ipv6cidr": address, "iprange": address,
	"domain": domain, "domainname": domain, "hostname": domain, "host": domain, "fqdn": domain,
	"url": url, "uri": url, "link": url,
	"sha256": sha256, "hash": sha256, "filehash": sha256, "filehashsha256": sha256, "sha256hash": sha256,
	"commandline": commandLine, "command": commandLine, "cmdline": commandLine, "processcommandline": commandLine,
}

// plainName is a name as the tables here have it.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '_' {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(name)))
}

// maxDomain is the longest host name, in bytes (RFC 1035, in the form of text).
const maxDomain = 253

var errDomain = errors.New("it is no host name")

// errPattern is a pattern where a name is wanted.
var errPattern = errors.New("an asterisk stands only before a name, as *.evil.example, which is what the name itself means")

// parseDomain reads a domain of a list. A leading dot or *. stands for what is meant
// anyhow: the domain and all below it.
func parseDomain(value string) ([]byte, error) {
	plain := strings.TrimPrefix(value, "*.")
	if strings.ContainsAny(plain, "*") {
		return nil, fmt.Errorf("%s: %w", quoted(value), errPattern)
	}
	name := appendDomain(nil, strings.TrimPrefix(plain, "."))
	if len(name) == 0 || len(name) > maxDomain {
		return nil, fmt.Errorf("%s: %w", quoted(value), errDomain)
	}
	dots, before := 0, byte('.')
	for _, c := range name {
		if c == '.' {
			if before == '.' {
				return nil, fmt.Errorf("%s: %w", quoted(value), errDomain)
			}
			dots++
		} else if !isNameByte(c) {
			return nil, fmt.Errorf("%s: %w", quoted(value), errDomain)
		}
		before = c
	}
	if dots == 0 {
		return nil, fmt.Errorf("%s: %w", quoted(value), errSingle)
	}
	return name, nil
}

// isNameByte accepts what names are made of in practice: an underscore, which DNS
// does not forbid, and letters beyond ASCII, which some sensors show as such.
func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c >= 0x80
}

// folding is how names beyond ASCII are compared: in the form that DNS has (UTS #46,
// without deviations). Names that sensors show as people write them match those that
// they show as xn--, in any letter case.
var folding = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false), idna.ValidateLabels(false))

// appendDomain appends a host name as it is compared: letters in lower case, those
// beyond ASCII in DNS's form, without blanks around it and the dot of the root.
func appendDomain(dst []byte, name string) []byte {
	name = strings.TrimSpace(name)
	if !isASCII(name) {
		if folded, err := folding.ToASCII(name); err == nil {
			name = folded
		}
	}
	name = strings.TrimSuffix(name, ".")
	for i := range len(name) {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

func isURL(value string) bool { return strings.Contains(value, "://") }

// hostOf returns the host of a URL or of host[:port][/path].
func hostOf(u string) string {
	if _, rest, found := strings.Cut(u, "://"); found {
		u = rest
	}
	if end := strings.IndexAny(u, `/?#\`); end >= 0 {
		u = u[:end]
	}
	u = u[strings.LastIndexByte(u, '@')+1:]
	if inside, isV6 := strings.CutPrefix(u, "["); isV6 {
		inside, _, _ = strings.Cut(inside, "]")
		return inside
	}
	if host, _, found := strings.Cut(u, ":"); found && strings.Count(u, ":") == 1 {
		return host
	}
	return u
}

// refang undoes what people do to indicators so that nobody clicks on them.
func refang(value string) string {
	if strings.ContainsAny(value, "[({") {
		value = fangs.Replace(value)
	}
	if len(value) > 4 && strings.EqualFold(value[:4], "hxxp") {
		value = "http" + value[4:]
	}
	return value
}

var fangs = strings.NewReplacer("[.]", ".", "[:]", ":", "[://]", "://", "[dot]", ".", "(.)", ".", "{.}", ".", "(dot)", ".")

// quoted is a value as messages show it: escaped, and cut when long.
func quoted(value string) string {
	const shown = 60
	if len(value) > shown {
		return fmt.Sprintf("%.*q...", shown, value)
	}
	return fmt.Sprintf("%q", value)
}
