// Package wire holds what both ends of the connection between the host and a plugin
// must agree on beside the protocol buffers. docs/plugins.md tells authors in other
// languages the same.
package wire

import "github.com/hashicorp/go-plugin"

// CookieKey and CookieValue are the environment variable by which a program learns
// that the host started it. They keep people from starting plugins by hand, and
// protect nothing.
const (
	CookieKey   = "SCHTASKHUNT_PLUGIN"
	CookieValue = "d0a3c1f6-schtaskhunt-plugin"
)

// Version is the protocol version of the handshake: the number in the name of the
// protocol buffers' package.
const Version = 1

// MaxMessage is the size in bytes of the largest message that either end accepts.
const MaxMessage = 64 << 20

// Handshake is what go-plugin compares before anything else.
var Handshake = plugin.HandshakeConfig{
	ProtocolVersion:  Version,
	MagicCookieKey:   CookieKey,
	MagicCookieValue: CookieValue,
}

// Service is the name under which go-plugin files the one thing that plugins serve.
const Service = "plugin"
