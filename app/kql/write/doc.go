// Package write makes the rows of the query's result into texts, as Kusto's tostring
// writes them: which columns there are (columns.go), and where the value of each stands
// in what was kept (write.go).
package write
