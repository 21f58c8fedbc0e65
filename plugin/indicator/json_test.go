package indicator

import (
	"slices"
	"strings"
	"testing"
)

const mispEvent = `{"Event":{"id":"7","info":"Operation Test","Orgc":{"name":"CERT"},"Attribute":[
 {"type":"ip-dst","value":"203.0.113.7","to_ids":true,"comment":"beacon","category":"Network activity"},
 {"type":"ip-dst|port","value":"203.0.113.8|443","to_ids":"1","comment":""},
 {"type":"domain|ip","value":"evil.example|203.0.113.9","to_ids":true},
 {"type":"hostname","value":"c2[.]test","to_ids":true,"Tag":[{"name":"x","objects":7}]},
 {"type":"domain","value":"benign.example","to_ids":false},
 {"type":"domain","value":"old.example","to_ids":"0"},
 {"type":"domain","value":"gone.example","to_ids":true,"deleted":true},
 {"type":"md5","value":"d41d8cd98f00b204e9800998ecf8427e","to_ids":true},
 {"type":"url","value":"http://dl.test/x","to_ids":true},
 {"type":"domain","value":5,"to_ids":true},
 {"type":"ip-src","value":"nonsense","to_ids":true}],
 "Object":[{"name":"file","Attribute":[{"type":"filename|sha256","value":"a.exe|HASH","to_ids":true,"comment":"loader"}]}]}}`

func misp() string { return strings.ReplaceAll(mispEvent, "HASH", hash) }

func TestMISP(t *testing.T) {
	verdicts := []string{
		"203.0.113.7: 75 beacon feed", "203.0.113.8: 75 Operation Test feed", "evil.example: 75 Operation Test feed",
		"203.0.113.9: 75 Operation Test feed", "a.c2.test: 75 Operation Test feed", "dl.test: 75 Operation Test feed", hash + ": 75 loader feed",
	}
	left := []string{
		"2 left out: misp attribute has to_ids false", "1 left out: misp attribute is deleted", "1 left out: misp type md5",
	}
	// An event alone, the answer to a search, a list of events, events one after another.
	for _, text := range []string{misp(), `{"response":[` + misp() + `]}`, "[" + misp() + "]", "{}\n" + misp()} {
		set, report := read(t, "feed.json", text)
		expect(t, set, verdicts...)
		lines := report.Lines()
		if report.Bad != 2 || !strings.HasSuffix(lines[0], "number is not what is expected for value") ||
			!strings.HasSuffix(lines[1], `"nonsense": it is no address, network or range of addresses`) || !slices.Equal(lines[2:], left) {
			t.Errorf("report says %q", lines)
		}
		if !strings.HasPrefix(lines[0], "feed.json:byte ") {
			t.Errorf("a problem does not tell its place: %s", lines[0])
		}
	}
}

func TestMISPAttributesSearch(t *testing.T) {
	set, _ := read(t, "feed", `{"response":{"Attribute":[{"type":"domain","value":"evil.example","to_ids":true,"Event":{"info":"title"}},
		{"type":"domain","value":"b.example","category":"Network activity"}]}}`)
	expect(t, set, "evil.example: 75 title feed", "b.example: 75 Network activity feed")
}

const stixBundle = `{"type":"bundle","id":"bundle--1","objects":[
 {"type":"identity","name":"someone"},
 {"type":"indicator","name":"addresses","confidence":90,"pattern_type":"stix","pattern":"[ipv4-addr:value = '203.0.113.7' OR ipv4-addr:value ISSUBSET '198.51.100.0/24']"},
 {"type":"indicator","indicator_types":["malicious-activity"],"pattern_type":"stix","pattern":"[ipv6-addr:value = '2001:db8::1'] OR [domain-name:value='evil.example']"},
 {"type":"indicator","labels":["old"],"pattern":"[file:hashes.'SHA-256' = 'HASH' OR file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']"},
 {"type":"indicator","name":"both","pattern":"[domain-name:value = 'x.example' AND ipv4-addr:value = '203.0.113.9']"},
 {"type":"indicator","name":"list","pattern":"[domain-name:value IN ('l1.example', 'l2.example')]"},
 {"type":"indicator","name":"url","pattern":"[url:value = 'https://dl.test/a?b=\\'c\\'']"},
 {"type":"indicator","name":"cmd","pattern":"[process:command_line = 'cmd.exe /c \"C:\\\\evil.bat\"']"},
 {"type":"indicator","name":"star","pattern":"[process:command_line = 'evil *.exe']"},
 {"type":"indicator","name":"gone","revoked":true,"pattern":"[domain-name:value = 'r.example']"},
 {"type":"indicator","name":"yara","pattern_type":"yara","pattern":"rule x {}"},
 {"type":"indicator","name":"broken","pattern":"[domain-name:value = 'x"},
 {"type":"indicator","name":"half","pattern":"[ipv4-addr:value = 'nonsense' OR ipv4-addr:value = '203.0.113.10']"}]}`

func TestSTIX(t *testing.T) {
	text := strings.ReplaceAll(stixBundle, "HASH", strings.ToUpper(hash))
	for _, text := range []string{text, strings.Replace(text, `"type":"bundle",`, `"more":false,`, 1)} { // a file, TAXII
		set, report := read(t, "cti.stix.json", text)
		expect(t, set, "203.0.113.7: 90 addresses cti.stix", "198.51.100.77: 90 addresses cti.stix", "2001:db8::1: 75 malicious-activity cti.stix",
			"www.evil.example: 75 malicious-activity cti.stix", hash+": 75 old cti.stix", "l1.example: 75 list cti.stix", "l2.example: 75 list cti.stix",
			"dl.test: 75 url cti.stix", `cmd.exe /c "C:\evil.bat": 75 cmd cti.stix`, "203.0.113.10: 75 half cti.stix")
		lines := report.Lines()
		left := []string{
			"1 left out: stix command line with an asterisk, which a STIX = takes literally",
			"1 left out: stix indicator is revoked", "1 left out: stix pattern uses AND", "1 left out: stix pattern uses file:hashes.MD5",
			"1 left out: stix pattern_type yara",
		}
		if report.Bad != 2 || !strings.Contains(lines[0], "a text in quotes does not end") || !strings.Contains(lines[1], "nonsense") || !slices.Equal(lines[2:], left) {
			t.Errorf("report says %q", lines)
		}
	}
}

// A file that breaks off keeps what came before, and says so.
func TestBrokenJSON(t *testing.T) {
	whole := `{"objects":[{"type":"indicator","pattern":"[domain-name:value = 'evil.example']"},{"type":"indicator","pattern":"[domain-name:value = 'second.example']"}]}`
	first := strings.Index(whole, "},{") + 1
	for end := first; end < len(whole)-1; end++ {
		set, report := read(t, "cut", whole[:end])
		if report.Bad != 1 || !strings.Contains(report.Problems[0], "what follows it was not read") {
			t.Fatalf("cut at %d: report %+v", end, report)
		}
		if len(report.Warnings) != 1 || !strings.HasPrefix(report.Warnings[0], "cut was not read to its end: ") {
			t.Fatalf("cut at %d: warnings %q", end, report.Warnings)
		}
		if lookUp(set, "evil.example").Score != 75 {
			t.Fatalf("cut at %d: the first indicator is lost", end)
		}
	}
	for _, text := range []string{`{"a":1]`, `{"a" 1}`, "[" + strings.Repeat("[", 100000), strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000), "{}x"} {
		if _, report := read(t, "bad", text); report.Bad != 1 {
			t.Errorf("%.20q: report %+v", text, report)
		}
	}
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct{ pattern, found, unsupported string }{
		{"[ipv4-addr:value = '203.0.113.7']", "203.0.113.7", ""},
		{"([ipv4-addr:value='a'] OR ([ipv4-addr:value='b']))", "a b", ""},
		{"[ipv4-addr:value='a' OR (ipv6-addr:value='b' OR domain-name:value='c')]", "a b c", ""},
		{"[ipv4-addr:value='a' OR ipv4-addr:value='b' AND x:y = 'z' OR url:value='c']", "a c", "AND x:y"},
		{"[(ipv4-addr:value='a' OR ipv4-addr:value='b') AND x:y = 5]", "", "AND x:y"},
		{"[ipv4-addr:value != 'a']", "", "!="}, {"[NOT ipv4-addr:value = 'a']", "", "NOT"}, {"[ipv4-addr:value NOT = 'a']", "", "NOT"},
		{"[domain-name:value LIKE '%a']", "", "LIKE"}, {"[url:value MATCHES '^a']", "", "MATCHES"}, {"[ipv4-addr:value ISSUPERSET 'a']", "", "ISSUPERSET"},
		{"[file:size > 5]", "", ">"}, {"[file:hashes.'SHA-1' = 'a']", "", "file:hashes.'SHA-1'"}, {"[file:created = t'2026-01-01T00:00:00Z']", "", "file:created"},
		{"[ipv4-addr:value = true]", "", "a value that is no text"}, {"[EXISTS ipv4-addr:value]", "", "EXISTS"},
		{"[network-traffic:dst_ref.value = 'a']", "", "network-traffic:dst_ref.value"}, {"[email-message:to_refs[*].value = 'a']", "", "email-message:to_refs[*].value"},
		{"[ipv4-addr:value='a'] AND [ipv4-addr:value='b']", "", "AND of observations"},
		{"[ipv4-addr:value='a'] FOLLOWEDBY [ipv4-addr:value='b']", "", "FOLLOWEDBY of observations"},
		{"[ipv4-addr:value='a'] WITHIN 5 SECONDS", "", "WITHIN of observations"},
		{"[ipv4-addr:value='a'] START t'x' STOP t'y'", "", "START of observations"},
		{`[domain-name:value = 'it\'s \\ here']`, `it's \ here`, ""},
	} {
		found, unsupported, err := parsePattern(c.pattern)
		var values []string
		for _, f := range found {
			values = append(values, f.values...)
		}
		if got := strings.Join(values, " "); err != nil || got != c.found || strings.Join(unsupported, " ") != c.unsupported {
			t.Errorf("%s gives %q, unsupported %q, error %v", c.pattern, got, unsupported, err)
		}
	}
	for _, broken := range []string{
		"", "x", "[", "[]", "[ipv4-addr:value]", "[ipv4-addr:value =]", "[ipv4-addr:value = 'a'", "[ipv4-addr:value = 'a", "[ipv4-addr:value = 'a']]",
		"[ipv4-addr:value = 'a'] 'b'", "[ipv4-addr:value IN ('a' 'b')]", "[ipv4-addr:value IN ()]", "[= 'a']", "[a.b = 'c']", "[a:b.'c = 'd']", "{}",
		strings.Repeat("(", 1000), "[" + strings.Repeat("(", 1000), "[a:b[ = 'c'",
	} {
		if found, _, err := parsePattern(broken); err == nil {
			t.Errorf("%.40q gives %v", broken, found)
		}
	}
}
