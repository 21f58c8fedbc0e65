package hold

import "github.com/schtaskhunt/schtaskhunt/app/event"

func (k *packer) logon(l *event.Logon) {
	k.uint(l.Session)
	k.text(l.User)
	k.endpoint(l.From, 0)
	k.text(l.Workstation)
}

// logon reads what packer.logon wrote.
func (k *unpacker) logon(s event.Source) {
	l := event.Logon{Source: s, Session: k.number(), User: k.text()}
	l.From, _ = k.endpoint()
	l.Workstation = k.text()
	l.Exchange(k.unsure)
	k.store.AddLogon(&l)
}
