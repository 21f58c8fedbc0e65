package kql

import (
	"hash/maphash"
	"math/bits"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// key is what a child and its parent have in common: device, file name, process id
// and creation time in Defender's tables, device and ProcessGuid in Sysmon's.
type key struct {
	device       textRef
	name         textRef // Sysmon: the ProcessGuid
	id           int64
	creationTime event.Time
}

// isNull reports whether a part of the key that has a null is null.
func (k *key) isNull(sysmon bool) bool {
	if sysmon {
		return k.name == 0
	}
	return k.id == noLong || k.creationTime == event.NoTime
}

// isUnmatched reports whether the key equals no other, not even one that is the same.
func (k *key) isUnmatched(sysmon, nullKeysMatch bool) bool {
	return k.isNull(sysmon) && (sysmon || !nullKeysMatch)
}

func (t *tables) equalKeys(a, b *key) bool {
	return a.id == b.id && a.creationTime == b.creationTime && t.texts.equal(a.name, b.name) && t.texts.equal(a.device, b.device)
}

// parentKey is the key of the process that started p, as p's event tells it.
func (p *process) parentKey(sysmon bool) key {
	if sysmon {
		return key{device: p.device, name: p.initiatingGUID}
	}
	return key{p.device, p.initiatingFileName, p.initiatingID, p.initiatingCreationTime}
}

// ownKey is the key of p itself. name is the file name under which the query knows
// it, which at the root may be another's.
func (p *process) ownKey(name textRef, sysmon bool) key {
	if sysmon {
		return key{device: p.device, name: p.guid}
	}
	return key{p.device, name, p.id, p.creationTime}
}

// absentKey is the key that a level without a process has: empty texts and nulls.
func absentKey(device textRef) key { return key{device: device, id: noLong} }

// keyHash is the hash of a key, or of a part of it; 0 where there is none. Hashes are
// made as events come, when their texts are at hand, and are the same in all lanes.
type keyHash uint32

// hash is the hash of a key, given those of its texts.
func (k *key) hash(device, name uint64) keyHash {
	h := mix(mix(device, name), mix(uint64(k.id), uint64(k.creationTime)))
	return max(1, keyHash(h>>32))
}

func mix(a, b uint64) uint64 {
	// Any two odd constants with their bits well spread; these are of the golden ratio
	// and of the square root of two.
	high, low := bits.Mul64(a^0x9e3779b97f4a7c15, b^0x6a09e667f3bcc909)
	return high ^ low
}

// hash makes the hash that Lane.addDefenderProcess made, of a key of which only the
// refs are left.
func (t *tables) hash(k *key) keyHash {
	return k.hash(t.hashOf(k.device), t.hashOf(k.name))
}

func (t *tables) hashOf(ref textRef) uint64 {
	if ref == 0 {
		return 0
	}
	return maphash.Bytes(t.seed, t.texts.bytes(ref))
}

// owner is the hash of the part of a key that equal join_keys have in common, and
// that is cheap to look at: the text of Defender's ends with the time. name is the hash
// of the key's.
func (k *key) owner(name uint64, sysmon bool) keyHash {
	if sysmon {
		return max(1, keyHash(name>>32))
	}
	return max(1, keyHash(mix(uint64(k.creationTime), 0)>>32))
}

// appendJoinKey appends the query's join_key,
//
//	strcat(DeviceId,'-',N_InitiatingProcessFileName,'-',N_InitiatingProcessId,'-',tostring(N_InitiatingProcessCreationTime))
//
// where a null id or time is an empty text, and so equals another (quirk Q16). For
// Sysmon it is the Computer and the ProcessGuid.
func (t *tables) appendJoinKey(dst []byte, k key) []byte {
	dst = append(dst, t.texts.bytes(k.device)...)
	dst = append(dst, '-')
	dst = append(dst, t.texts.bytes(k.name)...)
	if t.sysmon {
		return dst
	}
	dst = appendLong(append(dst, '-'), k.id)
	return appendTime(append(dst, '-'), k.creationTime)
}

// appendMatch appends what is equal where keys are joined: the join_key; for Sysmon,
// Computer and ProcessGuid each by itself, so that the dash between may stand in either.
func (t *tables) appendMatch(dst []byte, k key) []byte {
	dst = t.appendJoinKey(dst, k)
	if t.sysmon {
		dst = appendLong(append(dst, ' '), int64(len(t.texts.bytes(k.device))))
	}
	return dst
}

// processKey is the key of the process that a connection belongs to.
func (c *connection) processKey(sysmon bool) key {
	if sysmon {
		return key{device: c.device, name: c.guid}
	}
	return key{c.device, c.fileName, c.id, c.creationTime}
}
