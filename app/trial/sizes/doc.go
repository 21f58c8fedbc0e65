// Package sizes is tests of much: chains, children and connections in numbers that no machine has, and
// the benchmark of the whole hunt.
package sizes
