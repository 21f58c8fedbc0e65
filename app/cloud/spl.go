package cloud

import "strings"

// internalFields are those that splunkd adds to every row and nobody here reads.
const internalFields = "_bkt _cd _indextime _kv _serial _si _sourcetype _subsecond"

// SPL is the search as splunkd takes it: the command search in front, where a person
// leaves it out, and behind it the fields that are needed, so that no others cross the
// network.
func SPL(q Search) string {
	text := withCommand(q.Text)
	if q.Fields == nil {
		return text
	}
	var b strings.Builder
	b.WriteString(text + "\n| fields ")
	raw := false
	for i, f := range q.Fields {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(`"` + f + `"`)
		raw = raw || f == "_raw"
	}
	b.WriteString("\n| fields - " + internalFields)
	if !raw { // which stays unless it is taken away
		b.WriteString(" _raw")
	}
	return b.String()
}

// SPL2 is SPL for Splunk Cloud Services, whose search language quotes field names in
// single quotes.
func SPL2(q Search) string {
	text := withCommand(q.Text)
	if q.Fields == nil {
		return text
	}
	names := make([]string, len(q.Fields))
	for i, f := range q.Fields {
		names[i] = f
		if strings.ContainsFunc(f, notPlain) {
			names[i] = "'" + f + "'"
		}
	}
	return text + "\n| fields " + strings.Join(names, ", ")
}

func notPlain(r rune) bool {
	return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

// withCommand puts the implied command in front of a search that begins with none.
func withCommand(text string) string {
	text = strings.TrimSpace(text)
	first, _, _ := strings.Cut(text, " ")
	if strings.HasPrefix(text, "|") || strings.EqualFold(first, "search") {
		return text
	}
	return "search " + text
}
