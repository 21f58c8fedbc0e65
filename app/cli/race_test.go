//go:build race

package cli

// detected is how many times what a run may hold it may hold here: the race detector remembers
// much of its own. A run that holds 39 MB without it holds 108.
const detected = 2
