package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app"
	"github.com/schtaskhunt/schtaskhunt/app/cli"
)

// hinted is main, and fails where what it says names a flag that the command which runs does
// not have: so all that any script makes a command say is held to that.
func hinted() {
	var told bytes.Buffer
	args := os.Args[1:]
	code := app.Start(args, cli.Streams{In: os.Stdin, Out: os.Stdout, Err: io.MultiWriter(os.Stderr, &told)})
	if len(args) > 0 {
		for _, flag := range foreignFlags(told.String(), args) {
			fmt.Fprintf(os.Stderr, "a message names %s, which %s does not have\n", flag, args[0])
			code = 3 // no script expects that
		}
	}
	os.Exit(code)
}

// theirs are flags of other programs that messages name.
var theirs = []string{"--ignore-zeros", "--json"}

var (
	flagName    = regexp.MustCompile(`--[a-z][a-z-]*[a-z]`)
	otherOrFlag = regexp.MustCompile(`schtaskhunt [a-z]+|` + flagName.String())
)

// foreignFlags returns the flags that messages of a command name, and that are neither its own
// nor words of its command line. A flag behind another command's name is that one's.
func foreignFlags(told string, args []string) (foreign []string) {
	for line := range strings.Lines(told) {
		known := flagsOf(args[0])
		for _, found := range otherOrFlag.FindAllString(line, -1) {
			if name, is := strings.CutPrefix(found, "schtaskhunt "); is {
				if other := flagsOf(name); other != nil {
					known = other
				}
				continue
			}
			given := slices.ContainsFunc(args, func(arg string) bool { return strings.HasPrefix(arg, found) })
			if known != nil && !given && !slices.Contains(known, found) && !slices.Contains(theirs, found) {
				foreign = append(foreign, found)
			}
		}
	}
	return foreign
}

// flagsOf returns the flags that the help of a command lists, nil for what is no command.
func flagsOf(name string) []string {
	var help bytes.Buffer
	if cli.Main([]string{"help", name}, cli.Streams{In: strings.NewReader(""), Out: &help, Err: io.Discard}) != 0 {
		return nil
	}
	return append(flagName.FindAllString(help.String(), -1), "--help")
}

func TestFlagsThatACommandLacks(t *testing.T) {
	for told, want := range map[string]string{
		"3 files; --verbose tells of each": "", "3 files; --devices 5": "--devices", "see schtaskhunt sample --devices 5": "",
		"schtaskhunt sample --top 5": "--top", "a flag --given": "", "tar --ignore-zeros": "",
	} {
		if got := strings.Join(foreignFlags(told, []string{"hunt", "--given=x"}), " "); got != want {
			t.Errorf("%q names %q that the command lacks, want %q", told, got, want)
		}
	}
}
