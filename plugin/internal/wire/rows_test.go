package wire

import (
	"reflect"
	"testing"

	"google.golang.org/protobuf/proto"

	pluginv1 "github.com/schtaskhunt/schtaskhunt/plugin/proto/v1"
)

type row map[string]string

func TestRowsComeBack(t *testing.T) {
	for _, rows := range [][]row{{}, {nil}, {{}}, {{"a": "1", "": "\xff"}, nil, {"b": "", "a": "2"}}} {
		got, err := DecodeRows[row](EncodeRows(rows))
		if err != nil || !reflect.DeepEqual(got, rows) {
			t.Errorf("got %#v, %v, want %#v", got, err, rows)
		}
	}
}

func TestRowsWithBadIndexes(t *testing.T) {
	for _, r := range []*pluginv1.Row{
		{Name: []uint32{0}, Value: nil},
		{Name: nil, Value: [][]byte{nil}},
		{Name: []uint32{1}, Value: [][]byte{nil}},
		{Name: []uint32{1<<32 - 1}, Value: [][]byte{nil}},
	} {
		if got, err := DecodeRows[row](&pluginv1.Rows{Names: [][]byte{[]byte("a")}, Rows: []*pluginv1.Row{r}}); err == nil {
			t.Errorf("%v becomes %v", r, got)
		}
	}
}

// FuzzDecodeRows decodes any message that a plugin may send: rows or an error.
func FuzzDecodeRows(f *testing.F) {
	seed, err := proto.Marshal(EncodeRows([]row{{"a": "1"}, nil, {"b": "2", "a": ""}}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte("\x12\x03\x0a\x01\x05"))
	f.Fuzz(func(t *testing.T, message []byte) {
		var in pluginv1.Rows
		if proto.Unmarshal(message, &in) != nil {
			return
		}
		rows, err := DecodeRows[row](&in)
		if err != nil {
			return
		}
		again, err := DecodeRows[row](EncodeRows(rows))
		if err != nil || !reflect.DeepEqual(rows, again) || len(rows) != len(in.GetRows()) {
			t.Errorf("%v, %v, %v", rows, again, err)
		}
	})
}
