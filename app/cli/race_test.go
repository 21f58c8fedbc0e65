//go:build race

package cli

// detected is whether the race detector runs, which holds several times what the program does.
const detected = true
