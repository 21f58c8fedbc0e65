// Package cli is the program's command line: it picks what to do, opens what is
// named, and turns errors into words and exit codes. Hints for people are added here
// and nowhere deeper.
package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"golang.org/x/term"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/searchcommand"
)

// Exit codes.
const (
	done   = 0
	failed = 1
	usage  = 2
)

// Streams are where the program reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Version is the program's version, set when it is built.
var Version = "0.1.0"

// Main runs the program with the arguments after its name and returns its exit code.
// Without arguments, or with those of commands.conf, it is a search command on In and
// Out; on a terminal it prints its help instead, as of a wrong usage.
func Main(args []string, s Streams) int {
	if announce, ok := searchCommand(args); ok {
		if isTerminal(s.In) {
			fmt.Fprint(s.Err, command.Overview(terminalWidth(s.Err), pages()))
			return usage
		}
		return serve(s, announce)
	}
	err := run(args[0], args[1:], s)
	if err == nil {
		return done
	}
	fmt.Fprintf(s.Err, "schtaskhunt: %s\n", printableError(err))
	if wrong := (*command.UsageError)(nil); errors.As(err, &wrong) {
		return usage
	}
	return failed
}

// searchCommand reports whether the program was started as a search command, and
// whether its map half is to be announced: command.arg.1 in commands.conf may say.
func searchCommand(args []string) (announce, ok bool) {
	announce = true
	for _, arg := range args {
		switch arg {
		case "--map=on":
			announce = true
		case "--map=off":
			announce = false
		default:
			return false, false
		}
	}
	return announce, true
}

// serve speaks Splunk's protocol. Nothing is written to Err in normal work: splunkd
// logs every line of it as an error.
func serve(s Streams, announce bool) int {
	ignoreClosedPipe()
	widen(s.In)
	search := &searchcommand.Search{AnnounceMap: announce, OpenLookup: openAppLookup, FindPlugins: findPlugins}
	defer search.Close()
	err := chunked.ServeStream(s.In, s.Out, search)
	if err == nil {
		return done
	}
	fmt.Fprintf(s.Err, "schtaskhunt: %s\n", printableError(err))
	if crash := (*chunked.PanicError)(nil); errors.As(err, &crash) {
		fmt.Fprintf(s.Err, "%s\n", crash.Stack)
	}
	return failed
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// revision is the commit the program was built from, where the build knows it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return " (" + setting.Value[:12] + ")"
		}
	}
	return ""
}
