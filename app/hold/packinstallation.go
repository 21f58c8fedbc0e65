package hold

import "github.com/schtaskhunt/schtaskhunt/app/event"

// What an installation's event has, as its first byte says, beside isAudit and hasClient.
const isScript = hasInstance

func textsOfInstallation(i *event.Installation) [4]*event.Sym {
	return [...]*event.Sym{&i.Name, &i.Runs, &i.Filter, &i.User}
}

func (k *packer) installation(i *event.Installation) {
	client := i.Client != (event.Ref{})
	k.out = append(k.out, bit(i.Audit, isAudit)|bit(i.Script, isScript)|bit(client, hasClient), byte(i.Step))
	for _, y := range textsOfInstallation(i) {
		k.text(*y)
	}
	k.uint(uint64(i.Number))
	if client {
		k.ref(&i.Client, i.Time)
	}
}

// installation reads what packer.installation wrote.
func (k *unpacker) installation(s event.Source) {
	i := event.Installation{Source: s}
	has := k.byte()
	i.Audit, i.Script, i.Step = has&isAudit != 0, has&isScript != 0, event.Step(k.byte())
	for _, y := range textsOfInstallation(&i) {
		*y = k.text()
	}
	i.Number = uint32(k.number())
	if has&hasClient != 0 {
		k.ref(&i.Client, s.Time)
	}
	i.Exchange(k.unsure)
	k.store.AddInstallation(&i)
	if i.Client.PID != 0 {
		k.part.devices[k.part.device(k.hasher.Device(k.store.Symbols.Bytes(i.Device)))].tie(&i.Client)
	}
}
