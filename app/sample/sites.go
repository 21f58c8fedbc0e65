package sample

import "net/netip"

// site is a place on the network that programs talk to.
type site struct {
	name    string // "" = reached by address only
	alias   string
	reverse string // what Sysmon's reverse lookup finds; mostly nothing
	port    uint16
	udp     bool
	addrs   []netip.Addr
}

func at(name string, port uint16, addrs ...string) site {
	s := site{name: name, port: port}
	for _, a := range addrs {
		s.addrs = append(s.addrs, netip.MustParseAddr(a))
	}
	return s
}

func (s site) overUDP() site               { s.udp = true; return s }
func (s site) aliasOf(name string) site    { s.alias = name; return s }
func (s site) reversesTo(name string) site { s.reverse = name; return s }
func (s site) peer(d dice) netip.AddrPort  { return netip.AddrPortFrom(pick(d, s.addrs), s.port) }

// isPublic reports whether an address of the generator's is one of the internet's.
func isPublic(a netip.Addr) bool { return a.IsGlobalUnicast() && !a.IsPrivate() }

// sites holds the places that have nothing to do with planted tasks.
var sites = map[string]site{
	"dc":            at("dc01."+domain, 389, "10.0.0.10", "10.0.0.11"),
	"kerberos":      at("dc01."+domain, 88, "10.0.0.10").reversesTo("dc01." + domain),
	"share":         at("files."+domain, 445, "10.0.0.30").reversesTo("files." + domain),
	"wpad":          at("wpad."+domain, 80, "10.0.0.5"),
	"wsus":          at("wsus."+domain, 8530, "10.0.0.20"),
	"loopback":      at("", 49669, "::1", "127.0.0.1"),
	"llmnr":         at("", 5355, "ff02::1:3", "224.0.0.252").overUDP(),
	"mdns":          at("", 5353, "ff02::fb", "224.0.0.251").overUDP(),
	"ssdp":          at("", 1900, "239.255.255.250").overUDP(),
	"neighbour":     at("", 445, "10.16.0.77", "10.16.0.142", "10.16.1.9"),
	"windowsupdate": at("fe3cr.delivery.mp.microsoft.com", 443, "20.72.205.209", "40.125.122.151").aliasOf("fe3.delivery.mp.microsoft.com"),
	"telemetry":     at("v10.events.data.microsoft.com", 443, "20.42.65.92", "13.89.179.12").aliasOf("global.asimov.events.data.trafficmanager.net"),
	"signin":        at("login.microsoftonline.com", 443, "20.190.159.4", "40.126.31.71"),
	"watson":        at("watson.events.data.microsoft.com", 443, "20.189.173.20"),
	"edgeupdate":    at("msedge.api.cdp.microsoft.com", 443, "13.107.42.16", "2620:1ec:c11::200"),
	"googleupdate":  at("update.googleapis.com", 443, "142.250.74.195", "2a00:1450:4001:82b::2003"),
	"adobe":         at("armmf.adobe.com", 443, "104.90.25.124"),
	"onedrive":      at("oneclient.sfx.ms", 443, "23.52.120.96").aliasOf("oneclient.sfx.ms.edgesuite.net"),
	"defender":      at("definitionupdates.microsoft.com", 443, "13.107.237.40"),
	"mail":          at("outlook.office365.com", 443, "52.97.201.18", "40.99.150.34"),
	"teams":         at("teams.microsoft.com", 443, "52.113.194.132"),
	"news":          at("www.newspaper.example", 443, "151.101.1.164", "2a04:4e42::164"),
	"search":        at("www.search.example", 443, "142.250.185.100"),
	"shop":          at("shop.example", 443, "104.18.32.7").reversesTo("edge7.shop.example"),
	"video":         at("video.example", 443, "108.177.14.91").overUDP(),
	"git":           at("git.example", 22, "140.82.121.3"),
	"packages":      at("packages.example", 443, "104.16.19.35"),
	"ocsp":          at("ocsp.digicert.com", 80, "93.184.220.29"),
	"gone":          at("old-intranet."+domain, 80), // a name that no longer resolves
}
