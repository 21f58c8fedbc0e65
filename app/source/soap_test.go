package source

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// soapAnswers are answers of remote management with two events.
func soapAnswers() map[string]string {
	head := `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">` + "\n" + `<s:Header>` + "\n" + `<a:Action>http://example/<b/></a:Action>` + "\n</s:Header>\n<s:Body>\n"
	delivered := func(id string) string { return "<w:Event Action=\"x\"><![CDATA[" + xmlEvent(id) + "]]></w:Event>\n" }
	return map[string]string{
		"pulled":    head + "<n:PullResponse><n:EnumerationContext>7</n:EnumerationContext>\n<n:Items>\n" + xmlEvent("1") + "\n" + xmlEvent("2") + "\n</n:Items><n:EndOfSequence/>\n</n:PullResponse>\n</s:Body>\n</s:Envelope>\n",
		"delivered": head + "<w:Events>\n" + delivered("1") + delivered("2") + "</w:Events>\n</s:Body></s:Envelope>\n",
		"one line":  strings.ReplaceAll(head+"<w:Events>"+delivered("1")+delivered("2")+"</w:Events></s:Body></s:Envelope>", "\n", ""),
		"no prefix": "<Envelope xmlns=\"u\"><Body>\n" + xmlEvent("1") + "\n" + xmlEvent("2") + "</Body></Envelope>",
	}
}

// What SOAP has around events is no event, and costs none.
func TestEventsInSOAP(t *testing.T) {
	for name, answer := range soapAnswers() {
		for _, size := range []int{1 << 20, 64, 7} {
			var ids []string
			var got []read
			if _, err := (Source{size: size}).EachIn("in", strings.NewReader(answer), collect(t, &got)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, one := range got {
				ids = append(ids, fmt.Sprint(one.id, one.bad))
			}
			if want := []string{"1false", "2false"}; !slices.Equal(ids, want) {
				t.Errorf("%s in pieces of %d: %q, want %q", name, size, ids, want)
			}
		}
	}
}

// A whole log that a converter made of XML is the list of its events.
func TestALogAsOneObject(t *testing.T) {
	for _, text := range []string{
		`{"?xml":{"@version":"1.0"},"Events":{"Event":[{"id":"1"},{"id":"2"}]}}`,
		`{"Events":{"Event":[{"id":"1"},{"id":"2"}]}}`,
	} {
		got := readText(t, text)
		if len(got) != 2 || got[0].id != "1" || got[1].id != "2" {
			t.Errorf("%s: %v", text, got)
		}
	}
}
