package write

import (
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
)

func TestAppendTyped(t *testing.T) {
	for _, c := range []struct {
		text string
		kind keep.ColumnType
		want string
	}{
		{"443", keep.TypeLong, "443"}, {"-1", keep.TypeLong, "-1"}, {"0443", keep.TypeLong, "443"}, {"x", keep.TypeLong, ""}, {"", keep.TypeLong, ""},
		{"2026-11-21T08:00:00Z", keep.TypeDatetime, "2026-11-21T08:00:00.0000000Z"}, {"x", keep.TypeDatetime, ""}, {"", keep.TypeDatetime, ""},
		{"True", keep.TypeBool, "true"}, {"1", keep.TypeBool, "true"}, {"0", keep.TypeBool, "false"}, {"", keep.TypeBool, ""},
		{" text ", keep.TypeString, " text "},
	} {
		if got := string(appendTyped(nil, []byte(c.text), c.kind)); got != c.want {
			t.Errorf("%q as type %d: %q, want %q", c.text, c.kind, got, c.want)
		}
	}
}
