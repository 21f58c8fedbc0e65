// Package app opens the house. Its rooms, in the order in which data passes; rooms_test.go
// says what each may see of the others, docs/design.md why:
//
//	in              chunked evtx source json record schema
//	what is known   event identity hold hold/sieve
//	the hunt        tree netjoin beacon rarity (template, destination) hunt
//	the query       kql
//	out             row sink/view sink/screen sink/graph sink/page sink
//	shells          command account plugins enrich engine searchcommand cli cloud
//	beside          bundle standin sample trial bench
package app

import "github.com/schtaskhunt/schtaskhunt/app/cli"

// Start runs the program with the arguments after its name and returns its exit code.
func Start(args []string, s cli.Streams) int { return cli.Main(args, s) }
