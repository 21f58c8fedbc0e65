// Package judging is measurements of rankings that take hours, each of which writes a table of the
// documents: planted channels, other roots, a month (make judge, roots, month).
package judging
