package keep

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Key is what a child and its parent have in common: device, file name, process id
// and creation time in Defender's tables, device and ProcessGuid in Sysmon's.
type Key struct {
	device       TextRef
	name         TextRef // Sysmon: the ProcessGuid
	id           int64
	creationTime event.Time
}

// isNull reports whether a part of the key that has a null is null.
func (k *Key) isNull(sysmon bool) bool {
	if sysmon {
		return k.name == 0
	}
	return k.id == NoLong || k.creationTime == event.NoTime
}

// IsUnmatched reports whether the key equals no other, not even one that is the same.
func (k *Key) IsUnmatched(sysmon, nullKeysMatch bool) bool {
	return k.isNull(sysmon) && (sysmon || !nullKeysMatch)
}

// EqualKeys reports whether two keys are of one process.
func (t *Tables) EqualKeys(a, b *Key) bool {
	return a.id == b.id && a.creationTime == b.creationTime && t.Texts.equal(a.name, b.name) && t.Texts.equal(a.device, b.device)
}

// ParentKey is the key of the process that started p, as p's event tells it.
func (p *Process) ParentKey(sysmon bool) Key {
	if sysmon {
		return Key{device: p.Device, name: p.InitiatingGUID}
	}
	return Key{p.Device, p.InitiatingFileName, p.InitiatingID, p.InitiatingCreationTime}
}

// ownKey is the key of p itself. name is the file name under which the query knows
// it, which at the root may be another's.
func (p *Process) ownKey(name TextRef, sysmon bool) Key {
	if sysmon {
		return Key{device: p.Device, name: p.GUID}
	}
	return Key{p.Device, name, p.ID, p.CreationTime}
}

// absentKey is the key that a level without a process has: empty texts and nulls.
func absentKey(device TextRef) Key { return Key{device: device, id: NoLong} }

// KeyHash is the hash of a key, or of a part of it; 0 where there is none. Hashes are
// made as events come, when their texts are at hand, and are the same in all lanes.
type KeyHash uint32

// Hash is the hash of a key, given those of its texts.
func (k *Key) Hash(device, name uint64) KeyHash {
	h := mix(mix(device, name), mix(uint64(k.id), uint64(k.creationTime)))
	return max(1, KeyHash(h>>32))
}

func mix(a, b uint64) uint64 {
	// Any two odd constants with their bits well spread; these are of the golden ratio
	// and of the square root of two.
	high, low := bits.Mul64(a^0x9e3779b97f4a7c15, b^0x6a09e667f3bcc909)
	return high ^ low
}

// Hash makes the hash that was made when the event came, of a key of which only the refs
// are left.
func (t *Tables) Hash(k *Key) KeyHash {
	return k.Hash(t.hashOf(k.device), t.hashOf(k.name))
}

// Owner is the owner of a key of which only the refs are left.
func (t *Tables) Owner(k *Key) KeyHash { return k.Owner(t.hashOf(k.name), t.Sysmon) }

func (t *Tables) hashOf(ref TextRef) uint64 {
	if ref == 0 {
		return 0
	}
	return maphash.Bytes(t.seed, t.Texts.Bytes(ref))
}

// Owner is the hash of the part of a key that equal join_keys have in common, and
// that is cheap to look at: the text of Defender's ends with the time. name is the hash
// of the key's.
func (k *Key) Owner(name uint64, sysmon bool) KeyHash {
	if sysmon {
		return max(1, KeyHash(name>>32))
	}
	return max(1, KeyHash(mix(uint64(k.creationTime), 0)>>32))
}

// AppendJoinKey appends the query's join_key,
//
//	strcat(DeviceId,'-',N_InitiatingProcessFileName,'-',N_InitiatingProcessId,'-',tostring(N_InitiatingProcessCreationTime))
//
// where a null id or time is an empty text, and so equals another (quirk Q16). For
// Sysmon it is the Computer and the ProcessGuid.
func (t *Tables) AppendJoinKey(dst []byte, k Key) []byte {
	dst = append(dst, t.Texts.Bytes(k.device)...)
	dst = append(dst, '-')
	dst = append(dst, t.Texts.Bytes(k.name)...)
	if t.Sysmon {
		return dst
	}
	dst = AppendLong(append(dst, '-'), k.id)
	return AppendTime(append(dst, '-'), k.creationTime)
}

// AppendMatch appends what is equal where keys are joined: the join_key; for Sysmon,
// Computer and ProcessGuid each by itself, so that the dash between may stand in either.
func (t *Tables) AppendMatch(dst []byte, k Key) []byte {
	dst = t.AppendJoinKey(dst, k)
	if t.Sysmon {
		dst = AppendLong(append(dst, ' '), int64(len(t.Texts.Bytes(k.device))))
	}
	return dst
}

// ProcessKey is the key of the process that a connection belongs to.
func (c *Connection) ProcessKey(sysmon bool) Key {
	if sysmon {
		return Key{device: c.Device, name: c.GUID}
	}
	return Key{c.Device, c.FileName, c.ID, c.CreationTime}
}

// AppendIdentity appends what is the same for all events that tell of one process: its
// own key, under its own name. An event without one is a process by itself.
func (t *Tables) AppendIdentity(dst []byte, event int32) []byte {
	p := t.Processes.At(event)
	k := p.ownKey(p.FileName, t.Sysmon)
	if k.isNull(t.Sysmon) {
		return binary.NativeEndian.AppendUint32(append(dst, 'e'), uint32(event))
	}
	return t.AppendMatch(append(dst, 'k'), k)
}
