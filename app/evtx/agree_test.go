package evtx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
)

// writer is the slow obvious way to XML: a visitor, without a program's ready pieces. An
// array gives its items one by one.
type writer struct {
	b     bytes.Buffer
	inTag bool
}

func (w *writer) end() {
	if w.inTag {
		w.b.WriteByte('>')
	}
	w.inTag = false
}

func (w *writer) Open(name []byte) {
	w.end()
	w.b.WriteString("<" + string(name))
	w.inTag = true
}

func (w *writer) Attribute(name []byte, v Value) {
	w.b.WriteString(" " + string(name) + "='")
	_ = xml.EscapeText(&w.b, v.Append(nil))
	w.b.WriteString("'")
}

func (w *writer) Value(v Value) {
	w.end()
	if !v.IsArray() {
		_ = xml.EscapeText(&w.b, v.Append(nil))
		return
	}
	v.Items(func(item Value) bool {
		_ = xml.EscapeText(&w.b, item.Append(nil))
		return true
	})
}

func (w *writer) Close(name []byte) {
	w.end()
	w.b.WriteString("</" + string(name) + ">")
}

// noControls finds the characters that encoding/xml does not read, and writes as U+FFFD.
var noControls = regexp.MustCompile(`&#([0-8]|1[124-9]|2[0-9]|3[01]);`)

// tokens are what encoding/xml makes of a text: names, attributes and text. Where elements
// that stand for an array's items meet is left out.
func tokens(t *testing.T, text string) string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(noControls.ReplaceAllString(text, "\uFFFD")))
	var all, last string
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v in %.300s", err, text)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if item := "</" + token.Name.Local + ">"; last == item && token.Name.Local == "Data" && len(token.Attr) == 0 {
				all, last = strings.TrimSuffix(all, item), ""
				continue
			}
			last = fmt.Sprintf("<%s %v>", token.Name.Local, token.Attr)
		case xml.EndElement:
			last = "</" + token.Name.Local + ">"
		case xml.CharData:
			last = string(token)
		}
		all += last
	}
}

// TestBothWaysToXMLAgree compares the ready pieces with the visitor on real logs.
func TestBothWaysToXMLAgree(t *testing.T) {
	for _, path := range datasets(t) {
		readFile(t, path, func(d *Decoder) {
			fast, err := d.AppendXML(nil)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			var slow writer
			if err := d.Walk(&slow); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if got, want := tokens(t, string(fast)), tokens(t, slow.b.String()); got != want {
				t.Fatalf("%s, record %d:\n%.2000s\n%.2000s", path, d.Record().Number, got, want)
			}
		})
	}
}
