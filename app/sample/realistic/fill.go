package realistic

import (
	"fmt"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// run is one run of a task on a device: what placeholders are filled from.
type run struct {
	m     *machine
	k     *kind
	e     *edition
	at    Time
	d     dice
	under *sample.Process   // what started its root
	seen  map[string]string // values that are the same all through the run
}

// fill replaces the placeholders of text. Of the device: {home} {user} {host} {short}
// {sid} {root} {dguid} {serial} {site}; of the edition: {ver} {ver_}; of the run: {guid}
// {hex} {n} {cv} {date} {stamp} {epoch} {tmp} {rguid}; of a call: {label}. Other braces stay.
func (r *run) fill(text string) string {
	open := strings.IndexByte(text, '{')
	if open < 0 {
		return text
	}
	var b strings.Builder
	for open >= 0 {
		shut := strings.IndexByte(text[open:], '}')
		if shut < 0 {
			break
		}
		shut += open
		open = strings.LastIndexByte(text[:shut], '{') // the inner of two
		b.WriteString(text[:open])
		b.WriteString(r.value(text[open : shut+1]))
		text = text[shut+1:]
		open = strings.IndexByte(text, '{')
	}
	b.WriteString(text)
	return b.String()
}

func (r *run) value(placeholder string) string {
	m := r.m
	switch placeholder {
	case "{home}":
		return m.home
	case "{user}":
		return m.user
	case "{host}":
		return m.short
	case "{fqdn}":
		return m.Name
	case "{sid}":
		return m.person().SID
	case "{root}":
		return m.systemRoot
	case "{site}":
		return m.short[:3]
	case "{serial}":
		return m.serial
	case "{dguid}":
		return m.stable("dguid", r.k.id, dice.guid)
	case "{dhex}":
		return m.stable("dhex", r.k.id, func(d dice) string { return d.text(8, hexDigits) })
	case "{ver}":
		return r.e.version
	case "{ver_}":
		return strings.ReplaceAll(r.e.version, ".", "_")
	}
	return r.valueOfRun(placeholder)
}

func (r *run) valueOfRun(placeholder string) string {
	switch placeholder {
	case "{rguid}":
		return r.same(placeholder, dice.guid)
	case "{rhex}":
		return r.same(placeholder, func(d dice) string { return d.text(8, hexDigits) })
	case "{guid}":
		return r.d.guid()
	case "{hex}":
		return r.d.text(8, hexDigits)
	case "{n}":
		return fmt.Sprint(r.d.within(1000, 99999))
	case "{cv}":
		return r.d.text(16, mixedCase) + "." + fmt.Sprint(r.d.IntN(9))
	case "{tmp}":
		return strings.ToUpper(r.d.text(4, hexDigits))
	case "{label}":
		return r.d.text(r.d.within(18, 44), base32)
	case "{date}":
		return r.at.UTC().Format("20060102")
	case "{stamp}":
		return r.at.UTC().Format("2006-01-02T15-04-05")
	case "{epoch}":
		return fmt.Sprint(r.at / second)
	}
	return placeholder
}

// same is a value that all places of one run share.
func (r *run) same(placeholder string, throw func(dice) string) string {
	if r.seen == nil {
		r.seen = map[string]string{}
	}
	if _, known := r.seen[placeholder]; !known {
		r.seen[placeholder] = throw(r.d)
	}
	return r.seen[placeholder]
}
