// Command schtaskhunt finds the scheduled tasks that keep an attacker's channel
// open: a search command for Splunk, and the same hunt on files.
package main

import (
	"os"

	"github.com/schtaskhunt/schtaskhunt/app"
	"github.com/schtaskhunt/schtaskhunt/app/cli"
)

func main() {
	os.Exit(app.Start(os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
