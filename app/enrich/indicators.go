package enrich

import (
	"net/netip"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/row"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/plugin"
)

// eachIndicator calls fn for every indicator that trees show, with where a verdict on
// it belongs.
func eachIndicator(trees []row.Tree, fn func(to *row.Verdict, i plugin.Indicator)) {
	for i := range trees {
		for j := range trees[i].Nodes {
			n := &trees[i].Nodes[j]
			ofNode(n, fn)
			for k := range n.Connections {
				ofConnection(&n.Connections[k], fn)
			}
		}
	}
}

func ofNode(n *row.Node, fn func(*row.Verdict, plugin.Indicator)) {
	if isSHA256(n.Hash) {
		fn(&n.Verdict, plugin.Indicator{Kind: plugin.SHA256, Value: strings.ToLower(n.Hash)})
	}
	if n.Process.Command != "" {
		fn(&n.Verdict, plugin.Indicator{Kind: plugin.CommandLine, Value: n.Process.Command})
	}
}

func ofConnection(c *row.Connection, fn func(*row.Verdict, plugin.Indicator)) {
	for _, remote := range []string{c.IP, c.Host, schema.URLHost(c.URL)} {
		if i, ok := named(remote); ok {
			fn(&c.Verdict, i)
		}
	}
}

// named makes an indicator of an address or a name: sensors write either where they
// have a host. The same address is the same indicator however it is written.
func named(remote string) (plugin.Indicator, bool) {
	if address, err := netip.ParseAddr(remote); err == nil {
		return plugin.Indicator{Kind: plugin.IP, Value: address.Unmap().WithZone("").String()}, true
	}
	name := strings.ToLower(strings.TrimSuffix(remote, "."))
	return plugin.Indicator{Kind: plugin.Domain, Value: name}, name != ""
}

// Indicator makes an indicator of what a person typed: an address, a digest, a name or,
// with a blank, slash or backslash in it, a command line.
func Indicator(typed string) plugin.Indicator {
	switch i, _ := named(typed); {
	case isSHA256(typed):
		return plugin.Indicator{Kind: plugin.SHA256, Value: strings.ToLower(typed)}
	case i.Kind == plugin.Domain && (typed == "" || strings.ContainsAny(typed, ` \/"`)):
		return plugin.Indicator{Kind: plugin.CommandLine, Value: typed}
	default:
		return i
	}
}

func isSHA256(hash string) bool {
	return len(hash) == 64 && strings.Trim(hash, "0123456789abcdefABCDEF") == ""
}
