package hunt

import "encoding/binary"

// memo remembers what was read from texts, from one device to the next: most of what a fleet's
// devices run looks like something on another one. The zero value is ready for use; it is for
// one goroutine.
type memo[V any] struct {
	known map[string]V // by all the texts that it is read from: see addText
	size  int          // of the keys together, in bytes
	key   []byte       // of what is asked for
}

// mostMemo is how long the keys of a memo may be together, in bytes: some thousand processes or
// tasks.
const mostMemo = 1 << 20

// addText adds one of the texts that make a key, so that no two lists of texts have the same.
func addText[T ~string | ~[]byte](key []byte, text T) []byte {
	return append(binary.AppendUvarint(key, uint64(len(text))), text...)
}

// of returns what read makes of the texts of the memo's key. It is not to be changed.
func (m *memo[V]) of(read func() V) V {
	if v, known := m.known[string(m.key)]; known {
		return v
	}
	v := read()
	if m.size += len(m.key); m.known == nil || m.size > mostMemo {
		m.known, m.size = make(map[string]V), len(m.key)
	}
	m.known[string(m.key)] = v
	return v
}
