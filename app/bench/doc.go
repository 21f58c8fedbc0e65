// Package bench compares the whole program with what a hunter would use instead, in
// one run and on the same bytes: a plain pipe copy, a command of the Splunk SDK for
// Python that only reads, and DuckDB with the best SQL we could write. It has tests
// only, behind the build tag `bench`; `make bench` runs them.
package bench
