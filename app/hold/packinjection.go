package hold

import "github.com/schtaskhunt/schtaskhunt/app/event"

// isThread is what an injection's event has, as its first byte says.
const isThread = 1

func (k *packer) injection(i *event.Injection) {
	k.out = append(k.out, bit(i.Thread, isThread))
	k.ref(&i.By, i.Time)
	k.ref(&i.Into, i.Time)
	k.uint(uint64(i.Number))
	k.uint(uint64(i.Rights))
	k.text(i.Where)
	k.text(i.User)
}

// injection reads what packer.injection wrote. All that is known of who had the process ids has a
// say in which processes they were.
func (k *unpacker) injection(s event.Source) {
	i := event.Injection{Source: s, Thread: k.byte()&isThread != 0}
	k.ref(&i.By, s.Time)
	k.ref(&i.Into, s.Time)
	i.Number, i.Rights = uint32(k.number()), uint32(k.number())
	i.Where, i.User = k.text(), k.text()
	i.Exchange(k.unsure)
	k.store.AddInjection(&i)
	d := &k.part.devices[k.part.device(k.hasher.Device(k.store.Symbols.Bytes(i.Device)))]
	d.tie(&i.By)
	d.tie(&i.Into)
}
