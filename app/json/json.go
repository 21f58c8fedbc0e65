// Package json owns the JSON library of the program: every other package reads
// and writes JSON through it, so that one set of rules holds everywhere.
//
// The rules are those of encoding/json (key order of structs, sorted map keys,
// case-blind struct fields), with two differences that suit messages meant for
// people: <, > and & are written as they are, and the output is valid UTF-8
// whatever the input strings hold.
package json

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	jsoniter "github.com/json-iterator/go"
)

// RawMessage is a JSON value that is kept as text, to be decoded later.
type RawMessage = jsoniter.RawMessage

// replacement stands for bytes that are not UTF-8, as Unicode recommends.
var replacement = []byte("\uFFFD")

var api = jsoniter.Config{
	EscapeHTML:             false,
	SortMapKeys:            true,
	ValidateJsonRawMessage: true,
}.Froze()

// Unmarshal decodes the one JSON value in data into v, as encoding/json does.
// Strings are copied: nothing in v aliases data, except a RawMessage.
func Unmarshal(data []byte, v any) error {
	if len(bytes.TrimLeft(data, " \t\r\n")) == 0 {
		return fmt.Errorf("no JSON value: %w", io.ErrUnexpectedEOF) // json-iterator takes it for success
	}
	return api.Unmarshal(data, v)
}

// Marshal encodes v. Struct fields keep the order they are declared in. A run of
// bytes in a string that is not UTF-8 becomes one U+FFFD. The caller owns the
// result.
func Marshal(v any) ([]byte, error) {
	out, err := api.Marshal(v)
	if err != nil {
		return nil, err
	}
	if utf8.Valid(out) {
		return out, nil
	}
	return bytes.ToValidUTF8(out, replacement), nil
}

// Keys returns the keys of the JSON object in data, in the order they stand in;
// a repeated key is returned as often as it is there. It decodes no value.
func Keys(data []byte) ([]string, error) {
	iter := jsoniter.ParseBytes(api, data)
	if iter.WhatIsNext() != jsoniter.ObjectValue {
		return nil, fmt.Errorf("not a JSON object")
	}
	var keys []string
	iter.ReadObjectCB(func(it *jsoniter.Iterator, key string) bool {
		keys = append(keys, key)
		it.Skip()
		return true
	})
	return keys, iter.Error
}
