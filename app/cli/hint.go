package cli

import (
	"errors"
	"io"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// fate says what became of an event that has something wrong with it.
func fate(kind event.Kind) string {
	if kind == event.Malformed {
		return "left out"
	}
	return "read as far as it goes"
}

// hint says what to do about an event that cannot be read, "" where nothing helps.
func hint(err error) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, record.ErrTruncated):
		return "; the event is cut off: copy or export the file again to have it whole"
	case errors.Is(err, record.ErrUnknownShape):
		return "; give event logs only, as XML, JSON, CSV or classic text"
	case errors.Is(err, record.ErrOpenQuote):
		return "; the rows after it are lost too: export the file again"
	}
	return ""
}
