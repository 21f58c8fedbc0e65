package cloud

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

var errCut = errors.New("the page ends in the middle of its first row")

// longestHeader is more than the names of all fields have, in bytes.
const longestHeader = 256 << 10

// newPage keeps the whole rows of a CSV text, in which the first row is the header.
// What is left of a row behind them is dropped, to be fetched with the next page: HTTP
// tells of most answers that are cut off, but one that closes a connection without a
// stated length it cannot tell from an end.
//
// With errCut the page is a header and one row that has no end.
func newPage(text []byte) (Page, error) {
	rows := record.NewRows()
	if len(text) > longestHeader {
		if err := rows.Reset(text[:longestHeader]); err != nil || len(rows.Rest()) == 0 {
			return Page{}, fmt.Errorf("the results have a header of more than %d bytes: name fewer fields in the search", longestHeader)
		}
	}
	if err := rows.Reset(text); err != nil {
		return Page{}, err
	}
	page := Page{}
	end := len(text) - len(rows.Rest())
	for rows.Skip() && bytes.HasSuffix(rows.Row(), []byte("\n")) {
		page.Rows++
		end = len(text) - len(rows.Rest())
	}
	if page.Rows == 0 && len(bytes.TrimSpace(text[end:])) > 0 {
		return Page{CSV: text, Rows: 1}, errCut
	}
	page.CSV = text[:end]
	return page, nil
}

// pageReader reads pages of results as they come, and takes no more of one than fits.
type pageReader struct {
	most, row int64 // bytes of a page, of a row
	text      []byte
}

// read returns the whole rows of an answer that have come, which are valid until the
// next call. When it ends early, for its length or for what broke, the next page begins
// behind them. The error says why not even one came.
func (r *pageReader) read(resp *http.Response) (Page, error) {
	limit := r.most
	for r.text = r.text[:0]; ; limit = r.row {
		err := r.fill(resp.Body, limit)
		if isHTML(r.text) {
			return Page{}, errWebPage
		}
		if errors.Is(err, errDrip) {
			return Page{}, err
		}
		cut := int64(len(r.text)) >= limit
		page, bad := newPage(r.text)
		switch {
		case page.Rows > 0 && bad == nil:
			page.Cut = cut
			return page, nil
		case err != nil:
			return Page{}, fmt.Errorf("%w: %w", errCut, err)
		case bad != nil && !errors.Is(bad, errCut):
			return Page{}, bad
		case cut && limit >= r.row: // a row too long for us
			return Page{Rows: 1, Malformed: 1, Cut: true}, nil
		case cut: // the first row is longer than a page
			continue
		case errors.Is(bad, errCut) && framed(resp):
			return page, nil // all has come, so that the row is broken on the server
		}
		return page, bad
	}
}

// fill reads until there are limit bytes, or no more.
func (r *pageReader) fill(body io.Reader, limit int64) error {
	for int64(len(r.text)) < limit {
		r.text = slices.Grow(r.text, int(min(limit-int64(len(r.text)), 256<<10)))
		room := r.text[len(r.text):cap(r.text)]
		n, err := body.Read(room[:min(int64(len(room)), limit-int64(len(r.text)))])
		r.text = r.text[:len(r.text)+n]
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// framed reports whether HTTP told where the answer ends (RFC 9112, section 6.3): one
// that was cut off is an error then. Otherwise it ends with its connection.
func framed(resp *http.Response) bool {
	return resp.ContentLength >= 0 || len(resp.TransferEncoding) > 0 || resp.Uncompressed || resp.ProtoMajor > 1
}
