package kql

import "testing"

func TestAppendTyped(t *testing.T) {
	for _, c := range []struct {
		text string
		kind columnType
		want string
	}{
		{"443", typeLong, "443"}, {"-1", typeLong, "-1"}, {"0443", typeLong, "443"}, {"x", typeLong, ""}, {"", typeLong, ""},
		{"2026-11-21T08:00:00Z", typeDatetime, "2026-11-21T08:00:00.0000000Z"}, {"x", typeDatetime, ""}, {"", typeDatetime, ""},
		{"True", typeBool, "true"}, {"1", typeBool, "true"}, {"0", typeBool, "false"}, {"", typeBool, ""},
		{" text ", typeString, " text "},
	} {
		if got := string(appendTyped(nil, []byte(c.text), c.kind)); got != c.want {
			t.Errorf("%q as type %d: %q, want %q", c.text, c.kind, got, c.want)
		}
	}
}
