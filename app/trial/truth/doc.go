// Package truth is tests against what a generator knows that it did: every process, connection, run and
// planted channel of its fleets is found, in its place, and nothing besides.
package truth
