package event

// HostName returns the name of a host without the dot that ends a whole name of the DNS
// (RFC 1034, section 3.1).
func HostName(name []byte) []byte {
	if n := len(name); n > 1 && name[n-1] == '.' {
		return name[:n-1]
	}
	return name
}
