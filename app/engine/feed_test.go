package engine

import (
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/command"
)

// Every piece is read once, however many cores there are, and no lane by two
// goroutines at a time.
func TestFeed(t *testing.T) {
	for _, cores := range []int{1, 2, 4} {
		before := runtime.GOMAXPROCS(cores)
		var mu sync.Mutex
		seen, lanes := map[int]int{}, 0
		feed := feedOf(t, func(Lane) func(int) {
			lanes++
			var alone sync.Mutex
			return func(piece int) {
				if !alone.TryLock() {
					t.Error("a lane was read by two goroutines")
					return
				}
				defer alone.Unlock()
				mu.Lock()
				defer mu.Unlock()
				seen[piece]++
			}
		})
		runtime.GOMAXPROCS(before) // what it is later must not matter
		const pieces = 10_000
		for piece := range pieces {
			feed.Send(piece)
		}
		if err := feed.Close(); err != nil {
			t.Fatal(err)
		}
		if len(seen) != pieces || lanes != cores {
			t.Errorf("%d cores: %d of %d pieces, %d lanes", cores, len(seen), pieces, lanes)
		}
		for piece, times := range seen {
			if times != 1 {
				t.Errorf("piece %d was read %d times", piece, times)
			}
		}
	}
}

// A mistake in the program is an error, and the other pieces are read.
func TestFeedSurvivesAPanic(t *testing.T) {
	read := 0
	var mu sync.Mutex
	feed := feedOf(t, func(Lane) func(int) {
		return func(piece int) {
			if piece == 3 {
				panic("on purpose")
			}
			mu.Lock()
			defer mu.Unlock()
			read++
		}
	})
	for piece := range 100 {
		feed.Send(piece)
	}
	if err := feed.Close(); err == nil || !strings.Contains(err.Error(), "on purpose") || read != 99 {
		t.Errorf("error %v after %d pieces", err, read)
	}
}

func feedOf(t *testing.T, reader func(Lane) func(int)) *Feed[int] {
	t.Helper()
	o, err := command.Parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	h, err := Start(Config{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	feed, err := NewFeed(h, reader)
	if err != nil {
		t.Fatal(err)
	}
	return feed
}
