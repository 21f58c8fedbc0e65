//go:build !race

package cli

const detected = false
