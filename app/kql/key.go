package kql

import "github.com/schtaskhunt/schtaskhunt/app/event"

// key is what a child and its parent have in common: device, file name, process id
// and creation time in Defender's tables, device and ProcessGuid in Sysmon's.
type key struct {
	device       event.Sym
	name         event.Sym // Sysmon: the ProcessGuid
	id           int64
	creationTime event.Time
}

// isNull reports whether a part of the key that has a null is null.
func (k *key) isNull(sysmon bool) bool {
	if sysmon {
		return k.name == event.NoSym
	}
	return k.id == noLong || k.creationTime == event.NoTime
}

// parentKey is the key of the process that started p, as p's event tells it.
func (t *tables) parentKey(p *process) key {
	if t.sysmon {
		return key{device: p.device, name: p.initiatingGUID}
	}
	return key{p.device, p.initiatingFileName, p.initiatingID, p.initiatingCreationTime}
}

// ownKey is the key of p itself. name is the file name under which the query knows
// it, which at the root may be another's.
func (t *tables) ownKey(p *process, name event.Sym) key {
	if t.sysmon {
		return key{device: p.device, name: p.guid}
	}
	return key{p.device, name, p.id, p.creationTime}
}

// absentKey is the key that a level without a process has: empty texts and nulls.
func absentKey(device event.Sym) key { return key{device: device, id: noLong} }

// appendJoinKey appends the query's join_key,
//
//	strcat(DeviceId,'-',N_InitiatingProcessFileName,'-',N_InitiatingProcessId,'-',tostring(N_InitiatingProcessCreationTime))
//
// where a null id or time is an empty text, and so equals another (quirk Q16). For
// Sysmon it is the Computer and the ProcessGuid.
func (t *tables) appendJoinKey(dst []byte, k key) []byte {
	dst = append(dst, t.symbols.Bytes(k.device)...)
	dst = append(dst, '-')
	dst = append(dst, t.symbols.Bytes(k.name)...)
	if t.sysmon {
		return dst
	}
	dst = appendLong(append(dst, '-'), k.id)
	return appendTime(append(dst, '-'), k.creationTime)
}

// processKey is the key of the process that a connection belongs to.
func (t *tables) processKey(c *connection) key {
	if t.sysmon {
		return key{device: c.device, name: c.guid}
	}
	return key{c.device, c.fileName, c.id, c.creationTime}
}
