package chunked

import (
	"bytes"
	stdjson "encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

func TestParseRequestTolerance(t *testing.T) {
	for _, c := range []struct {
		name, meta string
		want       SearchInfo
	}{
		{"as splunkd sends it", `{"sid":"1.2","earliest_time":"1627354345.934","latest_time":"0","maxresultrows":100,"args":["a=b","c"]}`,
			SearchInfo{SID: "1.2", EarliestTime: 1627354345.934, MaxResultRows: 100, Args: []string{"a=b", "c"}}},
		{"numbers for times", `{"earliest_time":12.5,"latest_time":99}`, SearchInfo{EarliestTime: 12.5, LatestTime: 99, MaxResultRows: 50000}},
		{"junk times", `{"earliest_time":"now","latest_time":["x"],"sid":"s"}`, SearchInfo{SID: "s", MaxResultRows: 50000}},
		{"times no number can be", `{"earliest_time":"NaN","latest_time":"+Inf"}`, SearchInfo{MaxResultRows: 50000}},
		{"nothing", `{}`, SearchInfo{MaxResultRows: 50000}},
		{"nulls", `{"sid":null,"args":null,"app":null,"maxresultrows":null}`, SearchInfo{MaxResultRows: 50000}},
		{"wrong types", `{"sid":7,"args":"x","raw_args":[1,"b",null,{}],"app":{"x":[1]},"owner":true,"maxresultrows":"0","username":"u"}`,
			SearchInfo{SID: "7", RawArgs: []string{"1", "b", "", ""}, Username: "u", MaxResultRows: 50000}},
		{"rows as text", `{"maxresultrows":"123"}`, SearchInfo{MaxResultRows: 123}},
		{"rows beyond reason", `{"maxresultrows":-5}`, SearchInfo{MaxResultRows: 50000}},
		{"unknown keys", `{"new":{"deep":[1,2]},"command":"x"}`, SearchInfo{Command: "x", MaxResultRows: 50000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseRequest([]byte(`{"surprise":[[]],"action":"getinfo","searchinfo":` + c.meta + "} \n"))
			if err != nil || got.Action != "getinfo" || len(got.SearchInfo.Args) != len(c.want.Args) {
				t.Fatalf("%+v, %v", got, err)
			}
			if len(c.want.Args) == 0 {
				got.SearchInfo.Args = nil
			}
			if !reflect.DeepEqual(got.SearchInfo, c.want) {
				t.Errorf("got  %+v\nwant %+v", got.SearchInfo, c.want)
			}
		})
	}
}

func TestParseRequestFlags(t *testing.T) {
	for text, want := range map[string]bool{"true": true, "false": false, `"true"`: true, `"1"`: true, "1": true, "0": false, "null": false, "[]": false, `"no"`: false} {
		got, err := ParseRequest([]byte(`{"action":"execute","finished":` + text + `,"preview":` + text + `}`))
		if err != nil || got.Finished != want || got.Preview != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

func TestParseRequestRefuses(t *testing.T) {
	for _, bad := range []string{``, `null`, `[]`, `"getinfo"`, `{}`, `{"action":null}`, `{"action":["getinfo"]}`, `{"action":"getinfo"`, `{"action":"getinfo"} x`} {
		if got, err := ParseRequest([]byte(bad)); err == nil {
			t.Errorf("%s: %+v and no error", bad, got)
		}
	}
	for _, odd := range []string{`null`, `7`, `"x"`, `[1]`} {
		if _, err := ParseRequest([]byte(`{"action":"getinfo","searchinfo":` + odd + `}`)); err != nil {
			t.Errorf("searchinfo %s: %v", odd, err)
		}
	}
}

func TestGetInfoMetadataRoundTrip(t *testing.T) {
	want := SearchInfo{
		Args: []string{"r=A \"b\"", `q\r`}, RawArgs: []string{`r="A \"b\""`, `"q\\r"`}, DispatchDir: `C:\x`, SID: "1.2", App: "search",
		Owner: "o", Username: "u", SessionKey: NewSessionKey("k^1"), SplunkdURI: "https://127.0.0.1:8089", SplunkVersion: "10.2.3",
		Search: "search%20x", Command: "c", MaxResultRows: 7, EarliestTime: 1700000000.123, LatestTime: 1800000000,
	}
	meta, err := GetInfoMetadata(want, true)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseRequest(meta)
	if err != nil || !got.Preview || !reflect.DeepEqual(got.SearchInfo, want) || got.SearchInfo.SessionKey.Reveal() != "k^1" {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, last := range []bool{true, false} {
		if got, err := ParseRequest(ExecuteMetadata(last)); err != nil || got.Action != ActionExecute || got.Finished != last {
			t.Errorf("execute %v: %+v, %v", last, got, err)
		}
	}
}

func TestDryRun(t *testing.T) {
	for sid, want := range map[string]bool{
		"": true, "tmp": true, "searchparsetmp": true, "searchparsetmp_1234": true, "1.2_tmp": true,
		"1433261372.158": false, "scheduler__admin__search__x_at_1_2": false, "tmp1": false, "x_tmp_y": false,
	} {
		if got := (&SearchInfo{SID: sid}).DryRun(); got != want {
			t.Errorf("%q: %v", sid, got)
		}
	}
}

// No way of printing may show the key.
func TestSessionKeyIsNeverPrinted(t *testing.T) {
	const secret = "s3cr3t"
	req, err := ParseRequest([]byte(`{"action":"getinfo","searchinfo":{"session_key":"` + secret + `","sid":"visible"}}`))
	if err != nil || req.SearchInfo.SessionKey.Reveal() != secret {
		t.Fatalf("%v, %v", req, err)
	}
	key := req.SearchInfo.SessionKey
	inside := struct{ key SessionKey }{key}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%T"} {
		for _, v := range []any{key, &key, req, &req, inside, &inside, []SessionKey{key}, map[SessionKey]int{key: 1}, fmt.Errorf("%v", key)} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, stdjson.Marshal, func(v any) ([]byte, error) { return xml.Marshal(v) }} {
		text, err := marshal(req.SearchInfo)
		if err != nil {
			t.Error(err)
		}
		out.Write(text)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "key", key, "req", req, "inside", inside)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "key", key, "req", req)
	printed := out.String()
	if hex := fmt.Sprintf("%x", secret); strings.Contains(printed, secret) || strings.Contains(strings.ToLower(printed), hex) {
		t.Errorf("the key is in %s", printed)
	}
	if !strings.Contains(printed, "[session key]") || !strings.Contains(printed, "visible") {
		t.Error("the test printed nothing of the request")
	}
}
