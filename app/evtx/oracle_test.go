//go:build oracle

package evtx

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// TestEveryFieldIsThatOfPyPIEvtx compares every record of the data sets with what PyPI's
// evtx makes of it: numbers as numbers, truths as truths, texts to the letter. It runs
// where EVTX_PYTHON names a Python that has that library:
//
//	make oracle-evtx
//
// It writes GUIDs in upper case without braces and times to the microsecond, which the
// shape built here follows.
func TestEveryFieldIsThatOfPyPIEvtx(t *testing.T) {
	python := os.Getenv("EVTX_PYTHON")
	if python == "" {
		t.Fatal("EVTX_PYTHON is not set: run make oracle-evtx")
	}
	for _, path := range datasets(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			want := recordsOfLibrary(t, python, path)
			fields := 0
			for i, got := range shapes(t, path) {
				if i >= len(want) {
					t.Fatalf("record %d is one more than the %d of the library", got.Number, len(want))
				}
				if got.Number != want[i].Number {
					t.Fatalf("record %d, the library has %d", got.Number, want[i].Number)
				}
				fields += compare(t, fmt.Sprintf("%s record %d", filepath.Base(path), got.Number), got.Event, want[i].Event)
				want[i].Event = nil
			}
			if n := len(shapes(t, path)); n != len(want) {
				t.Errorf("%d records, the library has %d", n, len(want))
			}
			t.Logf("%d records, %d fields", len(want), fields)
		})
	}
}

// shaped is a record in the library's shape.
type shaped struct {
	Number uint64
	Event  any
}

func recordsOfLibrary(t *testing.T, python, path string) (all []shaped) {
	t.Helper()
	var said bytes.Buffer
	c := exec.Command(python, filepath.Join("testdata", "records.py"), path)
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said.Bytes())
	}
	lines := bufio.NewReader(bytes.NewReader(out))
	decoder := json.NewDecoder(lines)
	decoder.UseNumber()
	for decoder.More() {
		var one shaped
		if err := decoder.Decode(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

// known are the differences that stay, with the reason.
var known = map[string]string{
	// The record's end is zeros: where EventData should be is binary XML with nothing in
	// it. The library makes an element Event within Event of it.
	"Microsoft-Windows-LanguagePackSetup%4Operational.evtx record 17.Event.Event": "a record whose end is zeros",
}

// compare compares two values of JSON, and returns how many fields they have.
func compare(t *testing.T, at string, got, want any) (fields int) {
	t.Helper()
	g, isObject := got.(map[string]any)
	w, wantObject := want.(map[string]any)
	if !isObject || !wantObject {
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %T %.200q, the library has %T %.200q", at, got, fmt.Sprint(got), want, fmt.Sprint(want))
		}
		return 1
	}
	for key, v := range w {
		if _, there := g[key]; !there {
			if reason := known[at+"."+key]; reason != "" {
				t.Logf("%s.%s: not compared: %s", at, key, reason)
				continue
			}
			t.Errorf("%s: no %q, which the library has as %.200q", at, key, fmt.Sprint(v))
			continue
		}
		fields += compare(t, at+"."+key, g[key], v)
	}
	for key, v := range g {
		if _, there := w[key]; !there {
			t.Errorf("%s: %q is %.200q, which the library has not", at, key, fmt.Sprint(v))
		}
	}
	return fields
}

// shapes are the records of a log in the library's shape.
func shapes(t *testing.T, path string) (all []shaped) {
	t.Helper()
	readFile(t, path, func(d *Decoder) {
		var s shape
		if err := d.Walk(&s); err != nil {
			t.Errorf("record %d: %v", d.Record().Number, err)
		}
		all = append(all, shaped{d.Record().Number, s.root.object()})
	})
	return all
}

// shape builds a record's elements.
type shape struct {
	root element
	open []*element
}

type element struct {
	name       string
	attributes map[string]any
	values     []any
	children   []*element
}

func (s *shape) Open(name []byte) {
	e := &element{name: string(name)}
	parent := &s.root
	if len(s.open) > 0 {
		parent = s.open[len(s.open)-1]
	}
	parent.children = append(parent.children, e)
	s.open = append(s.open, e)
}

func (s *shape) Close([]byte) { s.open = s.open[:len(s.open)-1] }

func (s *shape) Attribute(name []byte, v Value) {
	e := s.open[len(s.open)-1]
	if e.attributes == nil {
		e.attributes = map[string]any{}
	}
	if value := inJSON(v); value != nil && value != "" {
		e.attributes[string(name)] = value // the library leaves out empty ones
	}
}

func (s *shape) Value(v Value) {
	e := s.open[len(s.open)-1]
	e.values = append(e.values, inJSON(v))
}

// inJSON is a value as the library writes it.
func inJSON(v Value) any {
	if v.IsArray() {
		items := []any{}
		v.Items(func(item Value) bool {
			items = append(items, inJSON(item))
			return true
		})
		return items
	}
	switch v.Type() {
	case Null:
		return nil
	case Int8, Int16, Int32, Int64:
		return json.Number(strconv.FormatInt(v.Int(), 10))
	case UInt8, UInt16, UInt32, UInt64:
		return json.Number(strconv.FormatUint(v.Uint(), 10))
	case Bool:
		return v.Uint() != 0
	case GUID:
		return strings.ToUpper(strings.Trim(string(v.Append(nil)), "{}"))
	case FileTime:
		text := string(v.Append(nil))
		return strings.TrimSuffix(text, text[len(text)-2:]) + "Z"
	}
	return string(v.Append(nil))
}

// object is an element's content: its children by name.
func (e *element) object() any {
	all := map[string]any{}
	var nameless []any
	for _, c := range e.children {
		key := c.name
		if named, is := c.attributes["Name"].(string); is && c.name == "Data" {
			key = named
			delete(c.attributes, "Name")
		}
		if key == "Data" && len(c.attributes) == 0 {
			if nameless = append(nameless, c.values...); len(c.values) == 0 {
				nameless = append(nameless, nil)
			}
			all[key] = text(nameless)
			continue
		}
		for n := 1; all[key] != nil; n++ {
			key = fmt.Sprintf("%s_%d", c.name, n)
		}
		all[key] = c.content()
	}
	return all
}

// text is what the library makes of one or more elements without a name.
func text(values []any) any {
	var all []any
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			all = append(all, "")
		case []any:
			all = append(all, v...)
		default:
			all = append(all, v)
		}
	}
	if len(all) == 0 {
		all = append(all, "")
	}
	if len(all) == 1 {
		return map[string]any{"#text": all[0]}
	}
	return map[string]any{"#text": all}
}

func (e *element) content() any {
	all, _ := e.object().(map[string]any)
	if len(e.attributes) > 0 {
		all["#attributes"] = e.attributes
	}
	if len(e.values) == 0 && len(all) == 0 {
		return nil
	}
	if len(e.values) == 1 && len(all) == 0 {
		if e.values[0] == "" && e.name != "Data" {
			return nil // the library tells empty from none in Data only
		}
		return e.values[0]
	}
	if len(e.values) > 0 && e.values[0] != nil {
		all["#text"] = e.values[0]
	}
	return all
}
