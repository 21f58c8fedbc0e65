package chunked

import (
	"bytes"
	"fmt"
	"strings"
)

// MVPrefix begins the name of the column that holds the values of a multivalue
// field: __mv_user for user.
const MVPrefix = "__mv_"

// AppendMV appends the encoding of a multivalue field: $v1$;$v2$ with $ written
// $$ in values. An absent value is the empty one, $$.
func AppendMV(dst []byte, values ...string) []byte {
	for i, v := range values {
		if i > 0 {
			dst = append(dst, ';')
		}
		dst = append(dst, '$')
		dst = append(dst, strings.ReplaceAll(v, "$", "$$")...)
		dst = append(dst, '$')
	}
	return dst
}

// DecodeMV returns the values of a multivalue field's encoding; none for empty
// text, which stands for a single value in the field itself. The values do not
// alias text. It accepts what the Splunk SDK's decoder
// \$(?P<item>(?:\$\$|[^$])*)\$(?:;|$) accepts for the whole of text.
func DecodeMV(text []byte) ([]string, error) {
	var values []string
	for at := 0; at < len(text); {
		if text[at] != '$' {
			return nil, fmt.Errorf("multivalue text at byte %d: %q where a value should begin with $", at, text[at])
		}
		end := mvEnd(text, at+1)
		if end < 0 {
			return nil, fmt.Errorf("multivalue text at byte %d: value without its closing $", at)
		}
		item := bytes.ReplaceAll(text[at+1:end], []byte("$$"), []byte("$"))
		values = append(values, string(item))
		if at = end + 1; at < len(text) && text[at] != ';' {
			return nil, fmt.Errorf("multivalue text at byte %d: %q where ; should be", at, text[at])
		}
		at++
	}
	return values, nil
}

// mvEnd returns the index of the first $ from at on that is not doubled, or -1.
func mvEnd(text []byte, at int) int {
	for ; at < len(text); at++ {
		if text[at] != '$' {
			continue
		}
		if at+1 == len(text) || text[at+1] != '$' {
			return at
		}
		at++
	}
	return -1
}
