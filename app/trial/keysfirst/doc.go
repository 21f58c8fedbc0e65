// Package keysfirst is tests of the two ways of reading: rows that are read for their keys first, and
// only some of them in full later, are the hunt of all rows read in full at once.
package keysfirst
