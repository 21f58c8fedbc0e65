// Package query is tests of the hunt beside the original query: what the query finds the hunt finds,
// and what the query loses too.
package query
