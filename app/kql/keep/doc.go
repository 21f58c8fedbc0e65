// Package keep holds the rows of the query's tables, millions of them, in little memory:
// fixed numbers in pages (pages.go, rows.go), texts in chunks that rows refer to
// (chunks.go, texts.go), by lanes that are put one behind the other at the end
// (tables.go).
//
// Nothing is compared by where its text lies: keys are found by hashes, which are the same
// in all lanes, and compared letter by letter (key.go). Sysmon's events are kept as
// Defender's rows are, except that a child is tied to its parent, and a connection to its
// process, by ProcessGuid: key.go has the two kinds of key. A path goes through the rows
// that the query joins (path.go), and of several the greatest is shown (order.go).
package keep
