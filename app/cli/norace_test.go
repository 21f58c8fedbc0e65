//go:build !race

package cli

const detected = 1
