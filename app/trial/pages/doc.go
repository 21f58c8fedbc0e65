// Package pages is tests of what the documents say: their commands run, their flags and targets are
// there, and the archive that they hunt in is what it is said to be.
package pages
