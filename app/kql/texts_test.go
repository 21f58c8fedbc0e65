package kql

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"strings"
	"testing"
)

func TestTextsComeBack(t *testing.T) {
	kept := newTexts()
	texts := []string{"", "a", "12345678", strings.Repeat("x", chunkBytes-12), strings.Repeat("y", 3*chunkBytes), "after", strings.Repeat("z", chunkBytes)}
	for i := range 30_000 {
		texts = append(texts, fmt.Sprintf("program.exe --argument %d%s", i, strings.Repeat(" ", i%97)))
	}
	var refs []textRef
	for _, text := range texts {
		refs = append(refs, kept.keep([]byte(text)))
	}
	for i, text := range texts {
		if got := kept.bytes(refs[i]); string(got) != text {
			t.Fatalf("text %d is %.40q, want %.40q", i, got, text)
		}
	}
	if kept.keep([]byte(texts[len(texts)-1])) != refs[len(refs)-1] {
		t.Error("a text that came just now is kept twice")
	}
	ref, hash := kept.keep([]byte("one")), maphash.Bytes(kept.seed, []byte("other"))
	kept.recent[hash%recentTexts] = recentText{hash, ref} // two texts with one hash
	if got := kept.bytes(kept.keep([]byte("other"))); string(got) != "other" {
		t.Errorf("a text with another's hash comes back as %q", got)
	}
	if got, want := kept.compare(refs[1], refs[2]), bytes.Compare([]byte("a"), []byte("12345678")); got != want {
		t.Errorf("a against 12345678 is %d, want %d", got, want)
	}
}
