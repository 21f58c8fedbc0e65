package event

import "bytes"

// HostName returns the name of a host without the dot that ends a whole name of the DNS
// (RFC 1034, section 3.1).
func HostName(name []byte) []byte {
	if n := len(name); n > 1 && name[n-1] == '.' {
		return name[:n-1]
	}
	return name
}

// ShortName returns the name of a host up to its first dot, by which one machine's short
// and full name agree. An address is no name: it has none shorter.
func ShortName(name []byte) []byte {
	dot := bytes.IndexByte(name, '.')
	if dot <= 0 || len(bytes.Trim(name, "0123456789.")) == 0 {
		return name
	}
	return name[:dot]
}
