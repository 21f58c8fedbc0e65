package cloud

import (
	"bytes"
	"errors"
	"net/http"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

var errCut = errors.New("the page ends in the middle of its first row")

// newPage keeps the whole rows of a CSV text, in which the first row is the header.
// What is left of a row behind them is dropped, to be fetched with the next page: HTTP
// tells of most answers that are cut off, but one that closes a connection without a
// stated length it cannot tell from an end.
//
// With errCut the page is a header and one row that has no end.
func newPage(text []byte) (Page, error) {
	rows := record.NewRows()
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

// framed reports whether HTTP told where the answer ends (RFC 9112, section 6.3): one
// that was cut off is an error then. Otherwise it ends with its connection.
func framed(resp *http.Response) bool {
	return resp.ContentLength >= 0 || len(resp.TransferEncoding) > 0 || resp.Uncompressed || resp.ProtoMajor > 1
}
