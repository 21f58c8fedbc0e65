package command

import "strings"

// Limits of a name in the DNS, in bytes (RFC 1035, section 2.3.4; 253 is what 255
// octets on the wire leave for the text).
const (
	maxDomain = 253
	maxLabel  = 63
)

// parseDomain returns entry in lower case, without the signs that say "and what is
// below" and without a trailing dot.
func parseDomain(entry string) (domain string, ok bool) {
	domain = strings.TrimPrefix(strings.TrimPrefix(entry, "*"), ".")
	if strings.HasPrefix(entry, "*") && !strings.HasPrefix(entry, "*.") {
		return "", false
	}
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	if domain == "" || len(domain) > maxDomain {
		return "", false
	}
	last := ""
	for label := range strings.SplitSeq(domain, ".") {
		if !isLabel(label) {
			return "", false
		}
		last = label
	}
	// No top-level domain is a number (RFC 3696, section 2): such a name is an
	// address that went wrong.
	return domain, strings.Trim(last, "0123456789") != ""
}

// isLabel allows what resolvers are really asked for: beside letters, digits and
// hyphens also underscores and names outside ASCII.
func isLabel(label string) bool {
	if label == "" || len(label) > maxLabel {
		return false
	}
	for i := range len(label) {
		c := label[i]
		letter := c >= 'a' && c <= 'z' || c >= 0x80
		if !letter && !isDigit(c) && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// shorten drops labels from the front of a name that is longer than any entry can
// be, so that a hostile one costs no more than an ordinary one.
func shorten(host string) string {
	if len(host) <= maxDomain {
		return host
	}
	host = host[len(host)-maxDomain-1:]
	dot := strings.IndexByte(host, '.')
	return host[dot+1:]
}
