package record

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

const sampleXML = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>` +
	`<Provider Name='Microsoft-Windows-Sysmon' Guid='{5770385f-c22a-43e0-bf4c-06f5698ffbd9}'/>` +
	`<EventID Qualifiers='0'>1</EventID><Version>5</Version><Level>4</Level><Task>1</Task><Opcode>0</Opcode>` +
	`<Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime='2024-03-01T10:00:00.1234567Z'/>` +
	`<EventRecordID>77</EventRecordID><Correlation/><Execution ProcessID='3100' ThreadID='3200'/>` +
	`<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>pc1.example.test</Computer>` +
	`<Security UserID='S-1-5-18'/></System><EventData><Data Name='RuleName'>-</Data>` +
	`<Data Name='UtcTime'>2024-03-01 10:00:00.100</Data>` +
	`<Data Name='ProcessGuid'>{aaaaaaaa-0000-0000-0000-000000000001}</Data><Data Name='ProcessId'>4242</Data>` +
	`<Data Name='Image'>C:\Windows\System32\cmd.exe</Data>` +
	`<Data Name='CommandLine'>cmd.exe /c "a &amp; b" 2&gt;&amp;1 </Data><Data Name='Empty'></Data><Data Name='None'/>` +
	`<Data Name='ParentImage'>C:\Windows\System32\svchost.exe</Data></EventData></Event>`

var sampleFields = map[string]string{
	"ProviderName": "Microsoft-Windows-Sysmon", "ProviderGuid": "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}",
	"EventID": "1", "Version": "5", "Level": "4", "Task": "1", "Opcode": "0", "Keywords": "0x8000000000000000",
	"SystemTime": "2024-03-01T10:00:00.1234567Z", "EventRecordID": "77", "ExecutionProcessID": "3100",
	"ThreadID": "3200", "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "pc1.example.test",
	"UserID": "S-1-5-18", "RuleName": "-", "UtcTime": "2024-03-01 10:00:00.100",
	"ProcessGuid": "{aaaaaaaa-0000-0000-0000-000000000001}", "ProcessId": "4242",
	"Image": `C:\Windows\System32\cmd.exe`, "CommandLine": `cmd.exe /c "a & b" 2>&1 `,
	"ParentImage": `C:\Windows\System32\svchost.exe`,
}

func TestDecodeXMLReadsEveryField(t *testing.T) {
	rec := New(allNames(sampleFields))
	if err := DecodeXML([]byte(sampleXML), rec); err != nil {
		t.Fatal(err)
	}
	checkFields(t, fields(rec), sampleFields)
}

func TestDecodeXMLDoesNotTakeTheWritersProcessForTheEvents(t *testing.T) {
	rec := New(NewNames("ProcessID", "ProcessId", "Name", "Guid"))
	if err := DecodeXML([]byte(sampleXML), rec); err != nil {
		t.Fatal(err)
	}
	checkFields(t, fields(rec), map[string]string{"ProcessId": "4242"})
}

func TestDecodeXMLForms(t *testing.T) {
	names := NewNames("EventID", "X", "Y", "Channel", "Message", "SystemTime")
	for name, c := range map[string]struct {
		text string
		want map[string]string
	}{
		"double quotes":   {`<Event><EventData><Data Name="X">it's</Data></EventData></Event>`, map[string]string{"X": "it's"}},
		"spaces in tags":  {"<Event ><EventData\n><Data  Name = 'X' \n>v</Data ></EventData ></Event >", map[string]string{"X": "v"}},
		"prefixes":        {`<e:Event xmlns:e="u"><e:System><e:EventID>3</e:EventID></e:System></e:Event>`, map[string]string{"EventID": "3"}},
		"CDATA":           {`<Event><EventData><Data Name='X'>a<![CDATA[<b>&amp;]]>c&lt;</Data></EventData></Event>`, map[string]string{"X": "a<b>&amp;c<"}},
		"comment in text": {`<Event><EventData><!-- <Data> --><Data Name='X'>a<!-- - -->b</Data></EventData></Event>`, map[string]string{"X": "ab"}},
		"prolog":          {"<?xml version='1.0'?>\n<!-- c -->\n<Event><System><EventID>3</EventID></System></Event>\n<!-- end -->", map[string]string{"EventID": "3"}},
		"nested elements": {`<Event><EventData><Data Name='X'>a<b>no<c/></b>d</Data><Data Name='Y'>e</Data></EventData></Event>`, map[string]string{"X": "ad", "Y": "e"}},
		"user data":       {`<Event><UserData><Z><Data Name='X'>no</Data></Z></UserData><EventData><Data Name='X'>v</Data></EventData></Event>`, map[string]string{"X": "v"}},
		"rendering":       {`<Event><System><Channel>a</Channel></System><RenderingInfo><Message>m</Message><Channel>b</Channel></RenderingInfo></Event>`, map[string]string{"Channel": "a", "Message": "m"}},
		"escaped name":    {`<Event><EventData><Data Name='&#88;'>v</Data></EventData></Event>`, map[string]string{"X": "v"}},
		"no name":         {`<Event><EventData><Data>v</Data><Binary>00</Binary></EventData></Event>`, nil},
		"first wins":      {`<Event><EventData><Data Name='X'>1</Data><Data Name='X'>2</Data></EventData></Event>`, map[string]string{"X": "1"}},
		"gt in attribute": {`<Event><EventData Name='a>b'><Data Name='X' y="/>">v</Data></EventData></Event>`, map[string]string{"X": "v"}},
		"not UTF-8":       {"<Event><EventData><Data Name='X'>\xff\xfe</Data></EventData></Event>", map[string]string{"X": "\xff\xfe"}},
		"line ends":       {"<Event>\r\n<EventData><Data Name='X'>a\r\nb</Data></EventData></Event>\r\n", map[string]string{"X": "a\r\nb"}},
		"empty":           {`<Event/>`, nil},
	} {
		rec := New(names)
		if err := Decode([]byte(c.text), rec); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		t.Run(name, func(t *testing.T) { checkFields(t, fields(rec), c.want) })
	}
}

func TestDecodeXMLCutAnywhereKeepsWhatWasRead(t *testing.T) {
	rec := New(allNames(sampleFields))
	for n := 1; n < len(sampleXML); n++ {
		rec.Reset()
		err := DecodeXML([]byte(sampleXML[:n]), rec)
		if err == nil {
			t.Fatalf("the first %d bytes pass for an event", n)
		}
		if n > len("<Event ") && !errors.Is(err, ErrTruncated) {
			t.Fatalf("the first %d bytes: %v, want ErrTruncated", n, err)
		}
		for name, v := range fields(rec) {
			if v != sampleFields[name] {
				t.Fatalf("the first %d bytes give %s=%q", n, name, v)
			}
		}
	}
	if rec.Get(rec.Names().Slot("ParentImage")) == nil {
		t.Error("a field before the cut is lost")
	}
}

func TestDecodeXMLErrors(t *testing.T) {
	for _, text := range []string{
		"<a/>", "</Event>", "<>", "<Event", "<Event></Event>x", "<Event/><Event/>", "<Event a></Event>",
		"<Event a=b></Event>", "<Event / ></Event>", "<Event><!-- </Event>", "<Event><System></Event>", "text",
	} {
		if err := DecodeXML([]byte(text), New(NewNames("EventID"))); err == nil {
			t.Errorf("%q passes for an event", text)
		}
	}
}

func TestDecodeXMLAgreesWithEncodingXMLOnRealEvents(t *testing.T) {
	text, err := os.ReadFile(dataset(t, "sysmon/gootloader_xmlwineventlog.log"))
	if err != nil {
		t.Fatal(err)
	}
	events := 0
	for line := range bytes.Lines(text) {
		want, ok := xmlOracle(line)
		if !ok {
			t.Fatalf("encoding/xml rejects %.80q", line)
		}
		rec := New(allNames(want))
		if err := DecodeXML(line, rec); err != nil {
			t.Fatal(err)
		}
		checkFields(t, fields(rec), want)
		events++
	}
	if events != 39 {
		t.Errorf("%d events, want 39", events)
	}
}

// xmlOracle is DecodeXML on top of encoding/xml's tokens, for every field there
// is. It reports false for what encoding/xml rejects and for what is no event.
func xmlOracle(text []byte) (map[string]string, bool) {
	d := xml.NewDecoder(bytes.NewReader(text))
	got, path, name, value, roots := map[string]string{}, []string{}, "", "", 0
	set := func(k, v string) {
		if k != "" && v != "" && got[k] == "" {
			got[k] = v
		}
	}
	for {
		token, err := d.Token()
		if err != nil {
			return got, errors.Is(err, io.EOF) && roots == 1
		}
		switch tok := token.(type) {
		case xml.StartElement:
			path = append(path, tok.Name.Local)
			if len(path) == 1 {
				roots++
				if tok.Name.Local != "Event" {
					return nil, false
				}
			}
			if len(path) != 3 {
				continue
			}
			name, value = tok.Name.Local, ""
			switch path[1] {
			case "System":
				for _, a := range tok.Attr {
					set(systemAttribute([]byte(name), []byte(a.Name.Local)), a.Value)
				}
			case "EventData":
				name = ""
				for _, a := range tok.Attr {
					if a.Name.Local == "Name" && tok.Name.Local == "Data" && name == "" {
						name = a.Value
					}
				}
			case "RenderingInfo":
				if name != "Message" {
					name = ""
				}
			default:
				name = ""
			}
		case xml.CharData:
			if len(path) == 3 {
				value += string(tok)
			}
			if len(path) == 0 && strings.TrimSpace(string(tok)) != "" {
				return nil, false
			}
		case xml.EndElement:
			if len(path) == 3 {
				set(name, value)
			}
			path = path[:len(path)-1]
		}
	}
}

func normalLines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

func containsAny(s, chars string) bool { return strings.ContainsAny(s, chars) }

func FuzzXML(f *testing.F) {
	f.Add(sampleXML)
	f.Add(`<e:Event xmlns:e="u"><e:System><e:EventID>3</e:EventID></e:System></e:Event>`)
	f.Add(`<Event><EventData><Data Name='X'>a<![CDATA[<b>]]>c&lt;<!-- x --><d/></Data></EventData></Event>`)
	f.Add("<?xml version='1.0'?><Event><RenderingInfo><Message>a\r\nb&#13;</Message></RenderingInfo></Event>")
	f.Fuzz(func(t *testing.T, text string) {
		want, ok := xmlOracle([]byte(text))
		rec := New(allNames(want))
		err := DecodeXML([]byte(text), rec)
		if !ok || manyAttributes(text) || strings.Contains(strings.ReplaceAll(strings.ReplaceAll(text, "<![CDATA[", ""), "<!--", ""), "<!") {
			return // declarations are only passed over, up to the next >
		}
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		got := fields(rec)
		for name := range got {
			got[name] = normalLines(got[name])
		}
		for name := range want {
			want[name] = normalLines(want[name])
		}
		checkFields(t, got, want)
	})
}

func manyAttributes(text string) bool { return strings.Count(text, "=") > maxAttributes }

func BenchmarkDecodeXML(b *testing.B) {
	rec := New(allNames(sampleFields))
	text := []byte(sampleXML)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		rec.Reset()
		if err := DecodeXML(text, rec); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeXMLOracle(b *testing.B) {
	b.SetBytes(int64(len(sampleXML)))
	for b.Loop() {
		xmlOracle([]byte(sampleXML))
	}
}

func TestDecodersDoNotAllocate(t *testing.T) {
	rec := New(allNames(sampleFields))
	jsonRec := New(allNames(sampleJSONFields))
	// Numbers with exponents and lists of objects are json-iterator's, which allocates.
	usual := strings.NewReplacer("-1.5e3", "-1.5", `[1, {"b": "x]y"}]`, `[1, "x]y"]`).Replace(sampleJSON)
	xmlText, jsonText := []byte(sampleXML), []byte(usual)
	for name, decode := range map[string]func(){
		"XML":  func() { rec.Reset(); _ = DecodeXML(xmlText, rec) },
		"JSON": func() { jsonRec.Reset(); _ = DecodeJSON(jsonText, jsonRec) },
	} {
		if n := testing.AllocsPerRun(100, decode); n != 0 {
			t.Errorf("%s: %v allocations an event, want none", name, n)
		}
	}
}
