// Package worlds makes the events that tests hunt in: single ones of a made-up device, whole
// fleets, and what lies beside the checkout of real ones. What happens in them is known.
package worlds

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Checkout is the folder of the sources, from whichever package's folder a test runs in.
var Checkout = sync.OnceValue(func() string {
	folder := "."
	for range 9 {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			break
		}
		folder = filepath.Join(folder, "..")
	}
	return folder
})

// Beside returns a path in the folder shared beside the checkout, where what is no part of the
// project lies. The test is skipped where the first folder of it is not there.
func Beside(t testing.TB, folder, what string, parts ...string) string {
	t.Helper()
	path := filepath.Join(Checkout(), "..", "shared", folder)
	if _, err := os.Stat(path); err != nil {
		t.Skip(what + " are not here: put them into shared/" + folder + " beside the checkout")
	}
	return filepath.Join(append([]string{path}, parts...)...)
}
