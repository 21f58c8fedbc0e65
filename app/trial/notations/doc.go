// Package notations is tests of how events are written: exports of any layout, tables, texts in
// columns, code pages, logs in archives, the audit log, clocks that disagree. What they tell is the same.
package notations
