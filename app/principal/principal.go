// Package principal says whose an account is: one of the system's own, in whichever language
// Windows speaks, the machine's, or a person's.
package principal

import "strings"

// own are the system's own accounts, by well-known SID and by the names that they have in
// languages of Windows. Source: MS-DTYP 2.4.2.4 and the localised names of Windows.
var own = map[string]string{
	"s-1-5-18": System, "system": System, "système": System, "sistema": System, "система": System, "localsystem": System,
	"s-1-5-19": LocalService, "local service": LocalService, "localservice": LocalService, "lokaler dienst": LocalService,
	"service local": LocalService, "servicio local": LocalService, "servicio loc": LocalService, "servizio locale": LocalService, "serviço local": LocalService,
	"s-1-5-20": NetworkService, "network service": NetworkService, "networkservice": NetworkService, "netzwerkdienst": NetworkService,
	"service réseau": NetworkService, "servicio de red": NetworkService, "servizio di rete": NetworkService, "serviço de rede": NetworkService,
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

// Of says which of the system's own accounts a name is ([System] …), or [User], [Machine],
// or [Unknown] where that cannot be told. A name is DOMAIN\account, an account alone or a
// SID, in any letter case; device is the machine's name, short or full, "" where it is not
// known. The audit log writes what the system starts as the machine's own account,
// DOMAIN\MACHINE$, in which SYSTEM and NETWORK SERVICE cannot be told apart.
func Of(name, device string) string {
	name = strings.ToLower(strings.TrimSpace(name)) // in any language
	domain, bare := "", name
	if at := strings.LastIndexByte(name, '\\'); at >= 0 {
		domain, bare = name[:at], name[at+1:]
	}
	device, _, _ = strings.Cut(strings.ToLower(device), ".")
	switch account := own[bare]; {
	case bare == "" || bare == "-" || virtual[domain]:
		return Unknown
	case account != "" && (authorities[domain] || domain == device && device != ""):
		return account
	case authorities[domain] && domain != "":
		return Unknown
	case strings.HasSuffix(bare, "$"):
		if device != "" && bare == device+"$" {
			return Machine
		}
		return Unknown
	}
	return User
}

// What Of says.
const (
	System         = "SYSTEM"
	LocalService   = "LOCAL SERVICE"
	NetworkService = "NETWORK SERVICE"
	User           = "a user"
	Machine        = "the machine"
	Unknown        = ""
)
