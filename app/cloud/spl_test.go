package cloud

import "testing"

func TestSPL(t *testing.T) {
	for _, c := range []struct {
		text   string
		fields []string
		want   string
	}{
		{" index=x ", nil, "search index=x"},
		{"search index=x", nil, "search index=x"},
		{"SEARCH index=x", nil, "SEARCH index=x"},
		{"searching", nil, "search searching"},
		{"| tstats count", nil, "| tstats count"},
		{"`sysmon`", []string{"a.b", "_raw"}, "search `sysmon`\n| fields \"a.b\", \"_raw\"\n| fields - " + internalFields},
		{"x", []string{"a"}, "search x\n| fields \"a\"\n| fields - " + internalFields + " _raw"},
	} {
		if got := SPL(Search{Text: c.text, Fields: c.fields}); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.text, got, c.want)
		}
	}
	if got := SPL2(Search{Text: "| from index:main", Fields: []string{"a.b", "_raw"}}); got != "| from index:main\n| fields 'a.b', _raw" {
		t.Errorf("%q", got)
	}
}

func TestNames(t *testing.T) {
	for _, good := range []string{"main", "_internal", "search", "Splunk_TA-x.1", "schtaskhunt_findings"} {
		if _, err := CheckName(good); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"", "a b", `a" OR "`, "../x", "a/b", "a..b", "-x", "x|y", "ä", "a\n"} {
		if _, err := CheckName(bad); err == nil {
			t.Errorf("%q is taken for a name", bad)
		}
	}
}
