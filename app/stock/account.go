package stock

import "strings"

// own are the system's own accounts, by well-known SID and by the names that they have in
// languages of Windows. Source: MS-DTYP 2.4.2.4 and the localised names of Windows.
var own = map[string]string{
	"s-1-5-18": "SYSTEM", "system": "SYSTEM", "système": "SYSTEM", "sistema": "SYSTEM", "система": "SYSTEM", "localsystem": "SYSTEM",
	"s-1-5-19": "LOCAL SERVICE", "local service": "LOCAL SERVICE", "localservice": "LOCAL SERVICE", "lokaler dienst": "LOCAL SERVICE",
	"service local": "LOCAL SERVICE", "servicio local": "LOCAL SERVICE", "servizio locale": "LOCAL SERVICE", "serviço local": "LOCAL SERVICE",
	"s-1-5-20": "NETWORK SERVICE", "network service": "NETWORK SERVICE", "networkservice": "NETWORK SERVICE", "netzwerkdienst": "NETWORK SERVICE",
	"service réseau": "NETWORK SERVICE", "servicio de red": "NETWORK SERVICE", "servizio di rete": "NETWORK SERVICE", "serviço de rede": "NETWORK SERVICE",
}

// authorities are the domains that these accounts stand in.
var authorities = map[string]bool{
	"nt authority": true, "nt-autorität": true, "autorite nt": true, "autorité nt": true, "nt instans": true,
	"autoridade nt": true, "zarządzanie nt": true, "nt-myndighed": true, "nt-myndighet": true, "": true,
}

// virtual are domains of accounts that nobody logs on with.
var virtual = map[string]bool{
	"nt service": true, "iis apppool": true, "window manager": true, "font driver host": true, "nt virtual machine": true,
}

// accountOf says which of the system's own accounts a name is, or user, or "" where that
// cannot be told. The audit log writes what the system starts as the machine's own
// account, DOMAIN\MACHINE$, in which SYSTEM and NETWORK SERVICE cannot be told apart.
func accountOf(name, device string) string {
	name = strings.ToLower(strings.TrimSpace(name)) // in any language
	domain, bare := "", name
	if at := strings.LastIndexByte(name, '\\'); at >= 0 {
		domain, bare = name[:at], name[at+1:]
	}
	device, _, _ = strings.Cut(strings.ToLower(device), ".")
	switch account := own[bare]; {
	case bare == "" || bare == "-" || virtual[domain]:
		return ""
	case account != "" && (authorities[domain] || domain == device && device != ""):
		return account
	case authorities[domain] && domain != "":
		return ""
	case strings.HasSuffix(bare, "$"):
		if device != "" && bare == device+"$" {
			return machine
		}
		return ""
	}
	return user
}

// Accounts that are no names.
const (
	user    = "a user"
	machine = "the machine"
)

// fits reports whether an account, as accountOf says it, is one that a row's task runs as.
func (r *Row) fits(account string) bool {
	switch r.Account {
	case "Users", "INTERACTIVE", "Everyone", "Authenticated Users", "Administrators", "<sid>":
		return account == user
	case "":
		return account != user && account != ""
	case "SYSTEM", "NETWORK SERVICE":
		return account == r.Account || account == machine
	}
	return account == r.Account
}
