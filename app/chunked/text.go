package chunked

import (
	"errors"
	"io"
	"io/fs"
	"unicode/utf8"
)

// errorText is what the user is shown of an error. It is never empty: an empty
// `error` would be no error to splunkd.
func errorText(err error) string {
	if text := validText(err.Error()); text != "" {
		return text
	}
	return "unknown error"
}

// excerptText shortens text that came from outside for an error.
func excerptText(text string) string { return prefix(text, quotedAtMost) }

// prefix returns at most n bytes of text and does not cut a rune.
func prefix(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// pipeClosed tells that the other end has closed the pipe, or this end was closed
// on purpose.
func pipeClosed(err error) bool {
	return errors.Is(err, io.ErrClosedPipe) || errors.Is(err, fs.ErrClosed) || brokenPipe(err)
}
