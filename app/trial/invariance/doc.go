// Package invariance is tests of what must not matter: the order of events, copies of them, chunks,
// the map half, letter case, the rendering, the time zone. Whatever it is, the rows are the same bytes.
package invariance
