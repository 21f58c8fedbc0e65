package realistic

import "strings"

// namer makes up names: of vendors, products, scripts and domains. Benign and planted
// things take theirs from the same one.
type namer struct {
	d    dice
	used map[string]bool
}

var (
	openings = []string{"al", "bel", "cor", "dan", "el", "fen", "gar", "hel", "in", "jor", "kal", "lum", "mar", "nor", "os", "pre", "quin", "ral", "sol", "tan", "ur", "vel", "wex", "yar", "zen", "bri", "cla", "dra", "flo", "gra", "plex", "sta", "tri"}
	middles  = []string{"a", "e", "i", "o", "u", "ar", "en", "il", "on", "ur", "ist", "ema", "ovi"}
	closings = []string{"dex", "tra", "via", "lon", "mic", "net", "ris", "sys", "tek", "ware", "ster", "nova", "line", "gent", "pact", "quo", "port", "bit", "mark", "view"}
	products = []string{"Sync", "Vault", "Desk", "Flow", "Print", "Scan", "Link", "Trace", "Capture", "Sign", "Note", "Plan", "Meter", "Cast", "Bridge", "Guard", "Board", "Ledger", "Studio", "Viewer", "Dock", "Label", "Audio", "Camera", "Tablet", "Licence"}
	verbs    = []string{"backup", "sync", "report", "cleanup", "export", "check", "rotate", "mirror", "collect", "import", "update", "refresh", "copy", "archive", "monitor", "upload", "notify", "fetch", "renew", "push"}
	objects  = []string{"logs", "data", "files", "orders", "prices", "disk", "certs", "users", "stock", "sales", "mail", "print", "db", "photos", "docs", "status", "health", "rates", "reports", "images", "inventory", "tickets", "cache", "timesheet", "lab", "sensors"}
)

// fresh keeps inventing a name until it is one that nobody has.
func (n *namer) fresh(invent func() string) string {
	for {
		if name := invent(); !n.used[strings.ToLower(name)] {
			n.used[strings.ToLower(name)] = true
			return name
		}
	}
}

func (n *namer) vendor() string {
	return n.fresh(func() string {
		name := pick(n.d, openings)
		if n.d.chance(0.6) {
			name += pick(n.d, middles)
		}
		name += pick(n.d, closings)
		return strings.ToUpper(name[:1]) + name[1:]
	})
}

// script is the stem of a script's name, as people and administrators choose it.
func (n *namer) script() string {
	return n.fresh(func() string {
		v, o := pick(n.d, verbs), pick(n.d, objects)
		switch n.d.IntN(6) {
		case 0:
			return strings.ToUpper(v[:1]) + v[1:] + "-" + strings.ToUpper(o[:1]) + o[1:]
		case 1:
			return o + "_" + v
		case 2:
			return v + o + n.d.text(n.d.within(1, 2), digits)
		case 3:
			return strings.ToUpper(v[:1]) + v[1:] + strings.ToUpper(o[:1]) + o[1:] + pick(n.d, []string{"", "2", "_new", "_v2", "-old"})
		case 4:
			return pick(n.d, openings) + pick(n.d, middles) + "_" + v
		}
		return v + "_" + o + pick(n.d, []string{"", "_daily", "_nightly", "_hourly", "_" + n.d.text(2, digits)})
	})
}

var endings = []string{".example", ".example", ".test", ".co.example", ".invalid"}

// domain is a registered domain, after a vendor's name where one is given.
func (n *namer) domain(vendor string) string {
	stem := strings.ToLower(vendor)
	return n.fresh(func() string {
		if stem == "" || n.d.chance(0.25) {
			stem = pick(n.d, openings) + pick(n.d, middles) + pick(n.d, closings)
			if n.d.chance(0.35) {
				stem += "-" + pick(n.d, []string{"cloud", "app", "data", "cdn", "online", "tools", "services", "static"})
			}
		}
		name := stem + pick(n.d, endings)
		stem = ""
		return name
	})
}

var hostLabels = []string{"update", "api", "cdn", "download", "telemetry", "www", "sync", "files", "static", "gw", "portal", "dl", "edge", "push", "events", "data", ""}

func (n *namer) host(domain string) string {
	label := pick(n.d, hostLabels)
	if label == "" {
		return domain
	}
	if n.d.chance(0.2) {
		label += n.d.text(1, digits)
	}
	return label + "." + domain
}
