package source

import (
	"encoding/binary"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestEveryShapeIsRecognisedByContent(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []read
	}{
		"XML lines":           {xmlEvent("1") + "\n" + xmlEvent("2") + "\n", []read{{1, "1", false}, {2, "2", false}}},
		"XML, CRLF":           {xmlEvent("1") + "\r\n\r\n" + xmlEvent("2") + "\r\n", []read{{1, "1", false}, {3, "2", false}}},
		"XML in one line":     {xmlEvent("1") + xmlEvent("2") + " " + xmlEvent("3"), []read{{1, "1", false}, {1, "2", false}, {1, "3", false}}},
		"XML over lines":      {strings.ReplaceAll(xmlEvent("1"), "><", ">\n<") + "\n" + xmlEvent("2"), []read{{1, "1", false}, {9, "2", false}}},
		"XML document":        {"<?xml version='1.0'?>\n<!-- <Event> -->\n<Events>\n" + xmlEvent("1") + xmlEvent("2") + "\n</Events>\n", []read{{4, "1", false}, {4, "2", false}}},
		"XML document, empty": {"<?xml version='1.0'?>\n<Events></Events>\n", nil},
		"XML, prefix":         {"<e:Event xmlns:e='u'><e:System><e:EventID>1</e:EventID></e:System></e:Event><e:Event/>\n" + xmlEvent("2"), []read{{1, "1", false}, {1, "", false}, {2, "2", false}}},
		"XML behind syslog":   {"Mar  1 10:00:00 host evt: " + xmlEvent("1") + "\nMar  1 10:00:01 host evt: " + xmlEvent("2") + "\n", []read{{1, "1", false}, {2, "2", false}}},
		"JSON lines":          {`{"id":1}` + "\n" + `{"properties":{"id":"2"}}` + "\r\n\n" + `{"id":"a{\"}"}`, []read{{1, "1", false}, {2, "2", false}, {4, `a{"}`, false}}},
		"JSON array":          {`[{"id":1},{"id":2}, {"id":3}]`, []read{{1, "1", false}, {1, "2", false}, {1, "3", false}}},
		"JSON array, pretty":  {"[\n  {\n    \"id\": 1,\n    \"l\": [\n{\n}]\n  },\n  {\"id\": 2}\n]\n", []read{{2, "1", false}, {8, "2", false}}},
		"JSON, pretty":        {"{\n\"id\": 1,\n\"o\":\n{\n}\n}\n{\n\"id\": 2\n}", []read{{1, "1", false}, {7, "2", false}}},
		"JSON, commas":        {"{\"id\":1},\n{\"id\":2},\n", []read{{1, "1", false}, {2, "2", false}}},
		"JSON array, empty":   {"[]\n", nil},
		"CSV":                 {"id,b\n1,2\n\"3\",\"x\ny\"\n\n5,6", []read{{2, "1", false}, {3, "3", false}, {6, "5", false}}},
		"CSV, one column":     {"_raw\n\"" + xmlEvent("1") + "\"\n", []read{{2, "", false}}},
		"CSV, portal":         {"Timestamp [Local Time],id\r\n\"10/25/2023, 9:43:21.990 AM\",7\r\n", []read{{2, "7", false}}},
		"classic":             {classicEvent("1") + classicEvent("2"), []read{{1, "1", false}, {8, "2", false}}},
		"classic, CRLF":       {strings.ReplaceAll(classicEvent("1")+"\n"+classicEvent("2"), "\n", "\r\n"), []read{{1, "1", false}, {9, "2", false}}},
		"mixed":               {xmlEvent("1") + "\n" + classicEvent("2") + xmlEvent("3") + "\n" + classicEvent("4") + `<Event/>`, []read{{1, "1", false}, {2, "2", false}, {9, "3", false}, {10, "4", false}, {17, "", false}}},
		"JSON then XML":       {`{"id":1}` + "\n" + xmlEvent("2") + "\n" + `{"id":3}`, []read{{1, "1", false}, {2, "2", false}, {3, "3", false}}},
		"nothing":             {"", nil},
		"white space":         {" \r\n\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			for form, text := range map[string]string{"plain": c.text, "marked": "\xef\xbb\xbf" + c.text, "UTF-16LE": utf16Text(c.text, binary.LittleEndian), "UTF-16BE": utf16Text(c.text, binary.BigEndian)} {
				if got := readText(t, text); !reflect.DeepEqual(got, c.want) {
					t.Errorf("%s: got %v, want %v", form, got, c.want)
				}
			}
		})
	}
}

func utf16Text(text string, order binary.AppendByteOrder) string {
	b := order.AppendUint16(nil, 0xfeff)
	for _, unit := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

func TestBrokenUTF16BecomesReplacements(t *testing.T) {
	text := "\xff\xfe" + "{\x00\"\x00i\x00d\x00\"\x00:\x00\"\x00" + "\x00\xd8" + "\x3d\xd8\x00\xde" + "\"\x00}\x00" + "\n"
	want := []read{{1, "\uFFFD\U0001F600", false}, {1, "", true}}
	if got := readText(t, text); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOneBadLineCostsNoOther(t *testing.T) {
	cut := xmlEvent("7")[:70]
	for name, c := range map[string]struct {
		text string
		want []read
	}{
		"half JSON, in a string":     {"{\"id\":1}\n{\"id\":\"ab\n{\"id\":3}\n", []read{{1, "1", false}, {2, "", true}, {3, "3", false}}},
		"half JSON, after a comma":   {"{\"id\":1}\n{\"id\":2,\n{\"id\":3}\n", []read{{1, "1", false}, {2, "2", true}, {3, "3", false}}},
		"half JSON, in a list":       {"{\"id\":2,\"l\":[1,\n{\"id\":3}\n{\"id\":4}\n", []read{{1, "2", true}, {2, "3", false}, {3, "4", false}}},
		"half JSON, at a list start": {"{\"id\":2,\"l\":[\n{\"id\":3}\n", []read{{1, "2", true}, {2, "3", false}}},
		"half JSON, at the end":      {"{\"id\":1}\n{\"id\":2,", []read{{1, "1", false}, {2, "2", true}}},
		"wrong bracket":              {"{\"id\":1]}\n{\"id\":2}\n", []read{{1, "1", true}, {2, "2", false}}},
		"garbage after JSON":         {"{\"id\":1} x\n{\"id\":2}\n", []read{{1, "1", false}, {1, "", true}, {2, "2", false}}},
		"half JSON before XML":       {"{\"id\":1,\n" + xmlEvent("2"), []read{{1, "1", true}, {2, "2", false}}},
		"binary between lines":       {xmlEvent("1") + "\n\x00\x01\xff<\xfe\n" + xmlEvent("2"), []read{{1, "1", false}, {2, "", true}, {3, "2", false}}},
		"other lines first":          {"# exported\nhello\n" + xmlEvent("1"), []read{{1, "", true}, {2, "", true}, {3, "1", false}}},
		"cut XML":                    {xmlEvent("1") + "\n" + cut + "\n" + xmlEvent("2") + "\n", []read{{1, "1", false}, {2, "7", true}, {3, "2", false}}},
		"cut XML, no line end":       {cut + xmlEvent("2"), []read{{1, "7", true}, {1, "2", false}}},
		"cut XML at the end":         {xmlEvent("1") + "\n" + cut, []read{{1, "1", false}, {2, "7", true}}},
		"cut XML before classic":     {cut + "\n" + classicEvent("2") + xmlEvent("3"), []read{{1, "7", true}, {2, "2", false}, {9, "3", false}}},
		"cut XML, only classic":      {cut + "\n" + classicEvent("2"), []read{{1, "7", true}, {2, "2", false}}},
		"cut XML before JSON":        {cut + "\n{\"id\":2}\n", []read{{1, "7", true}, {2, "2", false}}},
		"other tag":                  {xmlEvent("1") + "\n<html>\n" + xmlEvent("2"), []read{{1, "1", false}, {2, "", true}, {3, "2", false}}},
		"digits":                     {xmlEvent("1") + "\n12\n" + xmlEvent("2"), []read{{1, "1", false}, {2, "", true}, {3, "2", false}}},
		"open quote in CSV":          {"id,b\n1,2\n3,\"4\n5,6\n", []read{{2, "1", false}, {3, "3", true}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := readText(t, c.text); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
