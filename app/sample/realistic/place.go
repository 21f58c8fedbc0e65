package realistic

import (
	"fmt"
	"net/netip"
)

// place is somewhere on the network.
type place struct {
	hosts    []string // one of them is asked for at each call; may hold placeholders; none: by address
	alias    string
	reverse  string // what a reverse lookup of the address gives
	addrs    []netip.Addr
	port     uint16
	internal bool
}

// address is somewhere on the internet. The ranges for documentation will not do: a
// hunt rightly calls them reserved.
func address(d dice) netip.Addr {
	first := pick(d, []int{13, 20, 23, 34, 45, 52, 77, 91, 104, 138, 151, 185, 193, 212})
	return netip.AddrFrom4([4]byte{byte(first), byte(d.within(10, 250)), byte(d.IntN(256)), byte(d.within(1, 254))})
}

func addresses(d dice, n int) []netip.Addr {
	list := make([]netip.Addr, n)
	for i := range list {
		list[i] = address(d)
	}
	return list
}

// own is a place under a registered domain of its own.
func (w *world) own(vendor string) *place {
	d := w.names.d
	domain := w.names.domain(vendor)
	p := &place{hosts: []string{w.names.host(domain)}, port: 443, addrs: addresses(d, d.within(1, 2))}
	switch d.IntN(12) {
	case 0:
		p.port = 80
	case 1:
		p.port = pick(d, []uint16{8443, 8080, 4443, 5001, 9443, 22})
	case 2:
		p.reverse = fmt.Sprintf("vm%s.%s", d.text(5, digits), pick(d, w.hosters))
	case 3:
		p.hosts = append(p.hosts, w.names.host(domain))
	}
	if d.chance(0.3) { // hosted behind a network that many share
		c := pick(d, w.clouds)
		p.alias, p.addrs = fmt.Sprintf(c.pattern, d.text(8, lower+digits)), c.addrs
	}
	return p
}

// cloud is a network whose names anyone can have one of.
type cloud struct {
	pattern string
	addrs   []netip.Addr
}

var cloudPatterns = []string{"d%s.cloudfront.net", "%s.azureedge.net", "%s.blob.core.windows.net", "%s.s3.amazonaws.com", "%s.azurewebsites.net",
	"%s.workers.dev", "%s.netlify.app", "%s.web.app", "%s.herokuapp.com", "%s.b-cdn.net"}

// shared is a name of one's own under a cloud that all use.
func (w *world) shared() *place {
	c := pick(w.names.d, w.clouds)
	return &place{hosts: []string{fmt.Sprintf(c.pattern, w.names.d.text(w.names.d.within(8, 14), lower+digits))}, port: 443, addrs: c.addrs}
}

// popular is a service that all the world uses by one name.
func (w *world) popular() *place {
	return pick(w.names.d, []*place{w.sites["graph"], w.sites["github"], w.sites["raw"], w.sites["jsdelivr"], w.sites["dropbox"], w.sites["telegram"], w.sites["gdrive"], w.sites["sheets"], w.sites["pypi"]})
}

// inside is a server of the company.
func (w *world) inside() *place {
	d := w.names.d
	p := &place{hosts: []string{fmt.Sprintf("%s%02d.%s", pick(d, []string{"files", "sql", "app", "nas", "build", "erp", "print", "mon"}), d.within(1, 30), companyDomain)}, port: pick(d, []uint16{445, 445, 443, 1433, 8080, 80, 22}), internal: true}
	p.addrs = []netip.Addr{netip.AddrFrom4([4]byte{10, 0, byte(d.within(1, 9)), byte(d.within(2, 250))})}
	if d.chance(0.5) {
		p.reverse = p.hosts[0]
	}
	return p
}
