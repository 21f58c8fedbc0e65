package sieve

import (
	"hash/maphash"
	"math/bits"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// Hasher makes the hashes of Entries. The seed is secret: nobody can write events that
// agree by design. Copies of a Hasher hash alike; it is safe for concurrent use.
type Hasher struct {
	seed maphash.Seed
	salt uint64
}

// NewHasher returns a Hasher with a seed of its own.
func NewHasher() Hasher {
	seed := maphash.MakeSeed()
	return Hasher{seed, maphash.String(seed, "")}
}

// Device hashes the name of a host in lower case. The short and the full name of a machine
// have the same hash, so that they come to lie side by side; whether they are one device,
// event.Store.JoinNames decides.
func (h Hasher) Device(folded []byte) uint64 {
	return nonzero(maphash.Bytes(h.seed, event.ShortName(folded)))
}

// Name hashes a whole name in lower case.
func (h Hasher) Name(folded []byte) uint64 { return maphash.Bytes(h.seed, folded) }

// ID hashes the id of a process on a device, which is hashed itself; 0 for no id.
func (h Hasher) ID(device uint64, id event.ID) uint64 {
	if id.IsZero() {
		return 0
	}
	return nonzero(mix(mix(device^id.Hi, h.salt)^id.Lo, h.salt))
}

// Record hashes what tells two records of one process apart, as event.Store does: the
// kind, the number in the log, and the sensor's own time. self is the process's hash, 0
// where there is no id: no two such are told apart.
func (h Hasher) Record(self uint64, k *event.Keys) uint64 {
	return nonzero(mix(mix(mix(self^uint64(k.Kind), h.salt)^k.Record, h.salt)^uint64(k.Stamp), h.salt))
}

// mix is the multiplication of wyhash: every bit of x has a say in every bit.
func mix(x, salt uint64) uint64 {
	hi, lo := bits.Mul64(x^salt, 0x9E3779B97F4A7C15^salt<<1)
	return hi ^ lo
}

func nonzero(hash uint64) uint64 {
	if hash == 0 {
		return 1
	}
	return hash
}
