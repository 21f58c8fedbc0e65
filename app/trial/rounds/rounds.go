// Package rounds says how often a test does what it does. The plain run does all of it.
// Under -short, which is how the race detector runs the tests, a test whose work is one
// goroutine's, or the same goroutines' again, does a part: a race needs concurrency and not
// volume, and the detector makes each round ten times as long. What runs side by side runs
// so in every round, and no test is without one.
package rounds

import "testing"

// Of is how many rounds a test does: all of them, or few under -short.
func Of(all, few int) int {
	if testing.Short() {
		return min(all, few)
	}
	return all
}

// Some are the worlds that a test looks at: all of them, or the first few under -short.
func Some[T any](all []T, few int) []T { return all[:Of(len(all), few)] }
