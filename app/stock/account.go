package stock

import "github.com/schtaskhunt/schtaskhunt/app/principal"

// fits reports whether an account, as principal.Of says it, is one that a row's task runs as.
func (r *Row) fits(account string) bool {
	switch r.Account {
	case "Users", "INTERACTIVE", "Everyone", "Authenticated Users", "Administrators", "<sid>":
		return account == principal.User
	case "":
		return account != principal.User && account != principal.Unknown
	case principal.System, principal.NetworkService:
		return account == r.Account || account == principal.Machine
	}
	return account == r.Account
}
