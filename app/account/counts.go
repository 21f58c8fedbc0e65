package account

import (
	"fmt"
	"reflect"
	"strings"
)

// Tag is the key of a field's tag that names its count in a line; without it, the field's
// name in small letters does. "-" leaves the count out of lines, not of sums.
const Tag = "count"

// Add adds the counts of one struct to another's, field by field. Every field has to be
// an exported int: any other is a mistake in the type, and panics.
func Add[T any](to *T, more T) {
	sum, part := reflect.ValueOf(to).Elem(), reflect.ValueOf(more)
	for i := range sum.NumField() {
		sum.Field(i).SetInt(sum.Field(i).Int() + part.Field(i).Int())
	}
}

// Line returns the counts of a struct as name=value, in the order of its fields, with
// blanks between.
func Line[T any](counts T) string {
	var b strings.Builder
	v := reflect.ValueOf(counts)
	for i := range v.NumField() {
		name, tagged := v.Type().Field(i).Tag.Lookup(Tag)
		if !tagged {
			name = strings.ToLower(v.Type().Field(i).Name)
		}
		if name == "-" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%s=%d", name, v.Field(i).Int())
	}
	return b.String()
}
