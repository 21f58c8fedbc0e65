package keep

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"strings"
	"sync"
	"testing"
)

func emptyTexts() *Texts { return NewTexts(&Chunks{}, maphash.MakeSeed()) }

// manyTexts are some that end at the end of a chunk, or go beyond it, and many others.
func manyTexts() []string {
	list := []string{"", "a", "12345678", strings.Repeat("x", chunkBytes-12), strings.Repeat("y", 3*chunkBytes), "after", strings.Repeat("z", chunkBytes)}
	for i := range 30_000 {
		list = append(list, fmt.Sprintf("program.exe --argument %d%s", i, strings.Repeat(" ", i%97)))
	}
	return list
}

func TestTextsComeBack(t *testing.T) {
	kept, list := emptyTexts(), manyTexts()
	var refs []TextRef
	for _, text := range list {
		refs = append(refs, kept.Keep([]byte(text)))
	}
	for i, text := range list {
		if got := kept.Bytes(refs[i]); string(got) != text {
			t.Fatalf("text %d is %.40q, want %.40q", i, got, text)
		}
	}
	if kept.Keep([]byte(list[len(list)-1])) != refs[len(refs)-1] {
		t.Error("a text that came just now is kept twice")
	}
	if got, want := kept.compare(refs[1], refs[2]), bytes.Compare([]byte("a"), []byte("12345678")); got != want {
		t.Errorf("a against 12345678 is %d, want %d", got, want)
	}
}

// Lanes side by side have chunks of their own, and all texts are found in one list.
func TestTextsOfLanes(t *testing.T) {
	shared, seed := &Chunks{}, maphash.MakeSeed()
	const lanes, each = 3, 3000
	var refs [lanes][each]TextRef
	textOf := func(lane, i int) []byte {
		return fmt.Appendf(nil, "%d-%d-%s", lane, i, strings.Repeat("x", i%1500))
	}
	var all sync.WaitGroup
	for lane := range lanes {
		all.Go(func() {
			kept := NewTexts(shared, seed)
			for i := range each {
				refs[lane][i] = kept.Keep(textOf(lane, i))
			}
		})
	}
	all.Wait()
	if len(shared.list) < 2*lanes {
		t.Fatalf("%d chunks: too few to tell anything", len(shared.list))
	}
	for lane := range lanes {
		for i := range each {
			if got, want := shared.list.Bytes(refs[lane][i]), textOf(lane, i); !bytes.Equal(got, want) {
				t.Fatalf("lane %d, text %d is %.40q, want %.40q", lane, i, got, want)
			}
		}
	}
}

func TestNamesAreKeptOnce(t *testing.T) {
	kept, list := emptyTexts(), manyTexts()
	var refs []Name
	for _, text := range list {
		refs = append(refs, kept.Intern([]byte(text)))
	}
	used := kept.used
	for i, text := range list {
		if got := kept.Bytes(refs[i].Ref); string(got) != text {
			t.Fatalf("name %d is %.40q, want %.40q", i, got, text)
		}
		if again := kept.Intern([]byte(text)); again != refs[i] {
			t.Fatalf("name %d is kept twice: %+v and %+v", i, refs[i], again)
		}
	}
	if kept.used != used {
		t.Errorf("names that are known took %d bytes", kept.used-used)
	}
}

// Two texts with one hash.
func TestTextsWithOneHash(t *testing.T) {
	kept := emptyTexts()
	ref, hash := kept.Keep([]byte("one")), maphash.Bytes(kept.seed, []byte("other"))
	kept.recent[hash%recentTexts] = heldText{uint32(hash), ref}
	if got := kept.Bytes(kept.Keep([]byte("other"))); string(got) != "other" {
		t.Errorf("a text with another's hash comes back as %q", got)
	}
	kept.once[hash%uint64(len(kept.once))] = heldText{uint32(hash), ref}
	if got := kept.Bytes(kept.Intern([]byte("other")).Ref); string(got) != "other" {
		t.Errorf("a name with another's hash comes back as %q", got)
	}
}
