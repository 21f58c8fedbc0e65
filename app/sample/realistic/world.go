package realistic

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// world is what a fleet has in common: places, kinds of tasks, what changes when.
type world struct {
	cfg      Config
	from, to Time
	names    *namer
	clouds   []cloud
	hosters  []string
	sites    map[string]*place
	webs     []*place // what people browse, the famous ones first
	proxies  []netip.AddrPort
	builds   []string // of Windows
	patch    Time     // when the newest build begins to spread
	kinds    []*kind
	plants   []*plant
	forced   map[int]trait // what single devices of a small fleet have to be
}

const companyDomain = "corp.example"

// newWorld makes the world of a fleet.
func newWorld(cfg Config) *world {
	w := &world{cfg: cfg, names: &namer{diceFor(cfg.Seed, "names"), map[string]bool{}}, sites: map[string]*place{}, forced: map[int]trait{}}
	w.to = timeOf(cfg)
	w.from = w.to - Time(cfg.Days)*day
	d := diceFor(cfg.Seed, "world")
	for _, pattern := range cloudPatterns {
		w.clouds = append(w.clouds, cloud{pattern, addresses(d, 6)})
	}
	for range 4 {
		w.hosters = append(w.hosters, w.names.domain(""))
	}
	for range 2 {
		w.proxies = append(w.proxies, netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(d.within(40, 90))}), pick(d, []uint16{8080, 3128, 9090})))
	}
	for range 3 {
		w.builds = append(w.builds, fmt.Sprintf("10.0.22631.%d", d.within(4100, 4800)))
	}
	w.patch = w.from + Time(float64(w.to-w.from)*(0.3+0.3*d.Float64()))
	w.addSites(d)
	w.addWebs(d)
	w.addCommon()
	if cfg.Roots {
		w.addRoots()
	} else {
		w.addTail()
		w.addChurn()
	}
	w.addPlants()
	return w
}

// windowsSites are the services of Windows and of widely used programs.
var windowsSites = map[string]string{
	"telemetry": "v10.events.data.microsoft.com", "watson": "watson.events.data.microsoft.com", "signin": "login.microsoftonline.com",
	"winupdate": "fe3cr.delivery.mp.microsoft.com", "settings": "settings-win.data.microsoft.com", "edge": "msedge.api.cdp.microsoft.com",
	"edgedl": "msedge.b.tlu.dl.delivery.mp.microsoft.com", "google": "update.googleapis.com", "googledl": "edgedl.me.gvt1.com",
	"adobe": "armmf.adobe.com", "onedrive": "oneclient.sfx.ms", "office": "officecdn.microsoft.com", "officecfg": "ecs.office.com",
	"intune": "manage.microsoft.com", "defender": "wdcp.microsoft.com", "ocsp": "ocsp.digicert.com", "crl": "crl3.digicert.com", "mail": "outlook.office365.com",
	"teams": "teams.microsoft.com", "store": "storeedgefd.dsx.mp.microsoft.com", "mozilla": "aus5.mozilla.org", "graph": "graph.microsoft.com",
	"github": "api.github.com", "raw": "raw.githubusercontent.com", "jsdelivr": "cdn.jsdelivr.net", "dropbox": "api.dropboxapi.com", "telegram": "api.telegram.org",
	"gdrive": "www.googleapis.com", "sheets": "docs.google.com", "pypi": "pypi.org", "zoom": "us04web.zoom.us", "time": "time.windows.com",
}

func (w *world) addSites(d dice) {
	for _, name := range sortedKeys(windowsSites) {
		w.sites[name] = &place{hosts: []string{windowsSites[name]}, port: 443, addrs: addresses(d, d.within(2, 5))}
	}
	w.sites["ocsp"].port, w.sites["crl"].port = 80, 80
	w.sites["edgedl"].addrs, w.sites["office"].addrs = w.clouds[1].addrs, w.clouds[1].addrs
	w.sites["adobe"].addrs = w.clouds[0].addrs
	inner := func(name string, last byte, port uint16) *place {
		return &place{hosts: []string{name + "." + companyDomain}, port: port, internal: true, addrs: []netip.Addr{netip.AddrFrom4([4]byte{10, 0, 0, last})}}
	}
	w.sites["dc"], w.sites["files"] = inner("dc01", 10, 389), inner("files", 30, 445)
	w.sites["wsus"], w.sites["cm"] = inner("wsus", 20, 8530), inner("cm01", 21, 443)
	w.sites["backup"], w.sites["av"], w.sites["inv"] = inner("bkp01", 22, 9392), inner("epo", 23, 8443), inner("assets", 24, 443)
}

// addWebs makes what people browse: some that all know, many that few do.
func (w *world) addWebs(d dice) {
	for range 60 + w.cfg.Devices*2 {
		p := &place{hosts: []string{w.names.host(w.names.domain(""))}, port: 443, addrs: addresses(d, 1)}
		if d.chance(0.4) {
			p.addrs = pick(d, w.clouds).addrs
		}
		w.webs = append(w.webs, p)
	}
}

// add puts a kind into the world.
func (w *world) add(k kind) { w.kinds = append(w.kinds, &k) }

// deal picks n devices at random, fewer in a small fleet.
func (w *world) deal(d dice, n int) []int {
	order := d.Perm(w.cfg.Devices)
	return order[:min(n, len(order))]
}

// maker is the company of a node's file as its version tells it.
func maker(n *node) (company, product string) {
	if n.maker == "" {
		return "", ""
	}
	name := n.image[strings.LastIndexByte(n.image, '\\')+1:]
	return n.maker, strings.TrimSuffix(name, ".exe")
}

func timeOf(cfg Config) Time {
	end := cfg.End
	return Time(end.Unix())*second + Time(end.Nanosecond()/100)
}

var (
	systemAccount  = sample.Account{Domain: "NT AUTHORITY", Name: "SYSTEM", SID: "S-1-5-18", LogonID: 0x3e7, Integrity: "System"}
	localService   = sample.Account{Domain: "NT AUTHORITY", Name: "LOCAL SERVICE", SID: "S-1-5-19", LogonID: 0x3e5, Integrity: "System"}
	networkService = sample.Account{Domain: "NT AUTHORITY", Name: "NETWORK SERVICE", SID: "S-1-5-20", LogonID: 0x3e4, Integrity: "System"}
)
