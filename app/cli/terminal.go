package cli

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/term"

	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
)

// pipedWidth is how wide a table is that no terminal shows: wide enough to search in.
const pipedWidth = 120

// widthFor is how many columns a table may have.
func widthFor(rest command.Rest, out any) int {
	if n := rest.Int("width"); n > 0 {
		return n
	}
	width := terminalWidth(out)
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); width == 0 && err == nil {
		width = n
	}
	return max(sink.LeastWidth, cmp.Or(width, pipedWidth))
}

// terminalWidth is how many columns the terminal has that shows what is written, 0 for none.
func terminalWidth(out any) (width int) {
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		width, _, _ = term.GetSize(int(f.Fd()))
	}
	return width
}

// help prints a page of help, as wide as the terminal bears it.
func (s Streams) help(page command.Page) error { return s.print(page.Help(terminalWidth(s.Out))) }

// print prints a text whole, or fails: what goes to a file may find no room.
func (s Streams) print(text string) error {
	if _, err := io.WriteString(s.Out, text); err != nil {
		return fmt.Errorf("writing to standard output: %w", bare(err))
	}
	return nil
}

// colorFor is how many colours a table has.
func colorFor(when string, out any) sink.Color {
	dumb := os.Getenv("TERM") == "dumb"
	switch {
	case when == "never", when != "always" && (os.Getenv("NO_COLOR") != "" || dumb || !isTerminal(out) || !enableColor(out)):
		return sink.NoColor
	case strings.Contains(os.Getenv("COLORTERM"), "truecolor"), strings.Contains(os.Getenv("COLORTERM"), "24bit"):
		return sink.TrueColor
	}
	return sink.SixteenColors
}

// page writes a text to a terminal: through a pager if it is longer than the screen and
// there is one. write is told whether a pager shows it, and may be called twice.
func page(out io.Writer, allowed bool, write func(w io.Writer, paged bool) error) error {
	var text bytes.Buffer
	if err := write(&text, true); err != nil {
		return err
	}
	_, height, _ := term.GetSize(int(out.(*os.File).Fd()))
	if bytes.Count(text.Bytes(), []byte("\n")) < height {
		_, err := out.Write(text.Bytes())
		return err
	}
	if pager := pagerFor(os.Getenv("PAGER")); allowed && pager != nil {
		pager.Stdin, pager.Stdout, pager.Stderr = &text, out, os.Stderr
		if err := pager.Run(); err == nil || pager.ProcessState != nil || errors.Is(err, syscall.EPIPE) {
			return nil // the reader had enough
		}
	}
	return write(out, false)
}

// pagerFor returns the user's pager, less if there is none; nil where neither is.
func pagerFor(chosen string) *exec.Cmd {
	words := strings.Fields(cmp.Or(chosen, "less"))
	program, err := exec.LookPath(words[0])
	if err != nil || words[0] == "cat" {
		return nil
	}
	pager := exec.Command(program, words[1:]...)
	pager.Env = append(os.Environ(), "LESS="+cmp.Or(os.Getenv("LESS"), "-RFX"), "LESSSECURE=1", "LESSCHARSET=utf-8")
	return pager
}
