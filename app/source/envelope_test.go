package source

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// lists are answers with three events in them, of which the first is id 1, and so on.
var lists = map[string]string{
	"Event Hub":        `{"records":[{"id":1},{"id":2},{"id":3}]}`,
	"OData":            `{"@odata.context":"x","@odata.count":3,"value":[{"id":1},{"id":2},{"id":3}],"@odata.nextLink":"y"}`,
	"Defender":         `{"Stats":{"n":[{"rows":3}]},"Schema":[{"Name":"id","Type":"Int"}],"Results":[{"id":1},{"id":2},{"id":3}]}`,
	"Splunk":           `{"preview":false,"fields":[{"name":"id"}],"results":[{"id":1},{"id":2},{"id":3}],"highlighted":{}}`,
	"Elasticsearch":    `{"took":1,"hits":{"total":{"value":3},"hits":[{"_id":"a","_source":{"id":1}},{"_source":{"id":2}},{"_source":{"id":3}}]},"aggs":{}}`,
	"Kibana":           `{"rawResponse":{"hits":{"hits":[{"_source":{"id":1}},{"_source":{"id":2}},{"_source":{"id":3}}]}}}`,
	"one line each":    `{"records":[{"id":1}]}` + "\n" + `{"records":[{"id":2},{"id":3}]}`,
	"in an array":      `[{"records":[{"id":1},{"id":2}]},{"records":[{"id":3}]}]`,
	"Log Analytics":    `{"tables":[{"name":"PrimaryResult","columns":[{"name":"id","type":"long"},{"name":"x"}],"rows":[[1,null],[2,"a"],["3","]"]]}]}`,
	"Kusto 1":          `{"Tables":[{"TableName":"Table_0","Columns":[{"ColumnName":"x"},{"ColumnName":"id"}],"Rows":[["a",1],["b",2],["c",3]]},{"TableName":"Table_1","Columns":[{"ColumnName":"Value"}],"Rows":[["{}"]]}]}`,
	"Kusto 2":          `[{"FrameType":"DataSetHeader","Version":"v2.0"},{"FrameType":"DataTable","TableId":0,"TableKind":"QueryProperties","Columns":[{"ColumnName":"id"}],"Rows":[["no"]]},` + "\n" + `{"FrameType":"DataTable","TableId":1,"TableKind":"PrimaryResult","Columns":[{"ColumnName":"id"}],"Rows":[[1],[2],[3]]},` + "\n" + `{"FrameType":"DataSetCompletion","HasErrors":false}]`,
	"Kusto, fragments": `[{"FrameType":"TableHeader","TableId":7,"TableKind":"PrimaryResult","Columns":[{"ColumnName":"id"}]},{"FrameType":"TableFragment","TableId":7,"Rows":[[1],[2]]},{"FrameType":"TableFragment","TableId":7,"Rows":[[3]]},{"FrameType":"TableCompletion","TableId":7}]`,
	"Loki":             `{"status":"success","data":{"resultType":"streams","result":[{"stream":{"job":"x"},"values":[["17","{\"id\":1,\"pad\":\"so that it is long enough\"}"],["18","{\"id\":2,\"pad\":\"so that it is long enough\"}",{}]]},{"stream":{},"values":[["19","{\"id\":3,\"pad\":\"so that it is long enough\"}"]]}]}}`,
	"Splunk's rows":    `{"preview":false,"init_offset":0,"fields":["id","x"],"rows":[[1,"a"],["2",null],["3","]"]]}`,
	"a data frame":     `{"columns":["x","id"],"index":[0,1,2],"data":[["a",1],["b",2],["c",3]]}`,
	"CloudWatch":       `{"messageType":"DATA_MESSAGE","logGroup":"x","logEvents":[{"id":1},{"id":2},{"id":3}]}`,
	"OpenTelemetry":    `{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[{"id":1},{"id":2}]}]},{"scopeLogs":[{"logRecords":[{"id":3}]}]}]}`,
	"texts":            `["{\"id\":1}","<Event><System><EventID>2</EventID></System></Event>", "{\"id\":3}"]`,
	"texts in a list":  `{"records":["{\"id\":1}","<Event><System><EventID>2</EventID></System></Event>", "{\"id\":3}"],"x":1}`,
	"line breaks":      "{\n \"records\": [\n  {\n   \"id\": 1\n  },\n  {\"id\": 2}\n  ,\n  {\"id\": 3}\n ]\n}\n",
	"behind syslog":    "<13>Nov 20 09:00:01 relay fwd: {\"id\":1}\nNov 20 09:00:01 relay fwd: '{\"id\":2}' sent\n2026-11-20 x {\"id\":3}",
	"record lines":     "Record 1\n{\n \"id\":1}\nRecord 2\n{\"id\":2}\nRecord 3\n<Event><System><EventID>3</EventID></System></Event>",
	"Splunk's XML":     "<?xml version='1.0'?>\n<results preview='0'>\n<meta>\n<fieldOrder><field>id</field></fieldOrder>\n</meta>\n<result offset='0'>\n<field k='id'><value><text>1</text></value></field>\n</result>\n<result offset='1'><field k='id'><value><text>2</text></value></field></result>\n<result offset='2'><field k='_raw'><v>&lt;Event&gt;&lt;System&gt;&lt;EventID&gt;3&lt;/EventID&gt;&lt;/System&gt;&lt;/Event&gt;</v></field></result>\n</results>\n",
}

// idsIn reads a text in pieces of a size.
func idsIn(t *testing.T, text string, size int) (ids []string, bad int) {
	t.Helper()
	rec := record.New(names)
	_, err := (Source{size: size}).EachIn("in", strings.NewReader(text), func(e Event) error {
		if err := e.Fill(rec); err != nil {
			bad++
		}
		ids = append(ids, id(rec))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids, bad
}

func TestListsOfEventsAreReadOneByOne(t *testing.T) {
	for name, text := range lists {
		for _, size := range []int{1 << 20, 64, 7} {
			if ids, bad := idsIn(t, text, size); bad > 0 || !reflect.DeepEqual(ids, []string{"1", "2", "3"}) {
				t.Errorf("%s in pieces of %d: ids %q, %d bad", name, size, ids, bad)
			}
		}
	}
}

// An event stays one event, whatever lists it has.
func TestAnEventWithListsIsNoEnvelope(t *testing.T) {
	for _, text := range []string{
		`{"id":1,"tags":["a"],"value":["x"],"results":5,"records":[]}`,
		`{"id":1,"Event":{"EventData":{"Data":[{"@Name":"a","#text":"b"}]}}}`,
		`{"id":1,"process":{"hits":[{"a":1}],"records":[{"b":2}]}}`,
		`{"id":1,"data":{"win":{"eventdata":{"values":[{"x":1}]}}}}`,
		`{"id":1,"body":{"event_data":{"data":[{"Image":"a"}]}}}`,
		`{"id":1,"event_data":{"data":[{"Image":"a"}]}}`,
	} {
		if ids, bad := idsIn(t, text, 1<<20); bad > 0 || !reflect.DeepEqual(ids, []string{"1"}) {
			t.Errorf("%s: ids %q, %d bad", text, ids, bad)
		}
	}
}

// What is broken costs itself: the lines behind it are read.
func TestABrokenEnvelopeCostsItself(t *testing.T) {
	whole := `{"records":[{"id":7}],"n":1}`
	for cut := 1; cut < len(whole); cut++ {
		ids, _ := idsIn(t, whole[:cut]+"\n"+`{"id":8}`+"\n"+whole+"\n", 1<<20)
		if len(ids) < 2 || ids[len(ids)-1] != "7" || ids[len(ids)-2] != "8" {
			t.Errorf("behind %q: ids %q", whole[:cut], ids)
		}
	}
}

// A list that has no end is not passed over in silence, wherever it is cut.
func TestAListWithoutAnEndIsTold(t *testing.T) {
	whole := `{"records":[{"id":1},{"id":2}],"n":1}`
	for cut := len(`{"records":[`); cut < len(whole); cut++ {
		if _, bad := idsIn(t, whole[:cut], 1<<20); bad == 0 {
			t.Errorf("%q passes for whole", whole[:cut])
		}
	}
	if _, bad := idsIn(t, whole, 1<<20); bad != 0 {
		t.Errorf("%d are bad in what is whole", bad)
	}
}

// Rows without columns are counted as broken, and not lost.
func TestRowsWithoutColumns(t *testing.T) {
	if _, bad := idsIn(t, `{"rows":[[1,2],[3,4]]}`, 1<<20); bad != 2 {
		t.Errorf("%d of 2 rows are bad", bad)
	}
}

func TestColumnsAndValuesOfJSONRows(t *testing.T) {
	_, err := EachIn("in", strings.NewReader(`{"columns":["a","b","c"],"rows":[[1,"x\ty",null]]}`), func(e Event) error {
		if !reflect.DeepEqual(e.Columns(), []string{"a", "b", "c"}) || !bytes.Equal(bytes.Join(e.Values(), []byte("|")), []byte("1|x\ty|")) {
			t.Errorf("columns %q, values %q", e.Columns(), e.Values())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// endless is a records array of n events.
func endless(n int) io.Reader {
	r, w := io.Pipe()
	go func() {
		fmt.Fprint(w, `{"count":1,"records":[`)
		element := []byte(`{"id":1,"pad":"` + strings.Repeat("x", 4000) + `"},`)
		for range n {
			_, _ = w.Write(element) // fails only when nobody reads on
		}
		fmt.Fprint(w, `{"id":2}]}`)
		_ = w.Close() // of a pipe
	}()
	return r
}

// A list does not lie in memory, however long it is.
func TestALongListDoesNotLieInMemory(t *testing.T) {
	const n = 25_000 // 100 MB
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	most, events := uint64(0), 0
	_, err := EachIn("in", endless(n), func(Event) error {
		if events++; events%5000 == 0 {
			runtime.ReadMemStats(&after)
			most = max(most, after.HeapAlloc)
		}
		return nil
	})
	if err != nil || events != n+1 {
		t.Fatalf("%d events, %v", events, err)
	}
	if grown := int64(most) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("memory grew by %d MB", grown>>20)
	}
}

// PowerShell's Export-Csv says a type before the header; lines are counted on.
func TestATypeBeforeTheHeader(t *testing.T) {
	for _, text := range []string{
		"#TYPE Selected.System.Diagnostics.Eventing.Reader.EventLogRecord\r\n\"id\",\"Message\"\r\n\"7\",\"a\r\nb\"\r\n\"8\",\"c\"\r\n",
		"#TYPE x\n{\"id\":7}\n\n{\"id\":8}\n",
	} {
		if got := readText(t, text); len(got) != 2 || got[0].id != "7" || got[0].bad || got[0].line+1 < 3 || got[1].line-got[0].line != 2 {
			t.Errorf("%q gives %v", text, got)
		}
	}
	if got := readText(t, "#TYPE x\nid,b\n7,1\n"); len(got) != 1 || got[0].line != 3 {
		t.Errorf("%v", got)
	}
}

// A header may have words for names where there are many: a sentence is none.
func TestHeadersWithWords(t *testing.T) {
	timeline := "Event Time,Machine Id,Computer Name,Action Type,File Name,Folder Path,id,Initiating Process Creation Time\n1,2,3,4,5,6,7,8\n"
	if got := readText(t, timeline); len(got) != 1 || got[0].id != "7" {
		t.Errorf("%v", got)
	}
	if _, err := EachIn("in", strings.NewReader("Dear all, as you know, this is no log\n"), func(Event) error { return nil }); !isForeign(err) {
		t.Errorf("a sentence passes for a header: %v", err)
	}
}
