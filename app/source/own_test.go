package source

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A hunt's rows, and the key of a sample, are not events: in a folder they are left
// out, named alone they are an error.
func TestOwnOutputIsNoEventLog(t *testing.T) {
	for name, text := range map[string]string{
		"rows.csv":  "_time,row,device,tree_id,root_process,process_id\n1,node,pc,00,x,4\n",
		"rows.json": `{"_time":"1","row":"node","device":"pc","root_process":"x"}` + "\n",
		"key.csv":   "device,plant,root_process,depth\npc,a,b,1\n",
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Each(path, func(Event) error { t.Errorf("%s: has an event", name); return nil })
		if foreign := (*ForeignError)(nil); !errors.As(err, &foreign) {
			t.Errorf("%s: error %v, want a ForeignError", name, err)
		}
		stats, err := Each(filepath.Dir(path), func(Event) error { return nil })
		if err != nil || len(stats.Skipped) != 1 || stats.Events != 0 {
			t.Errorf("%s in a folder: %+v, %v", name, stats, err)
		}
	}
}

// What a sample writes beside events is known by its beginning, whatever it is called, and
// text that only mentions it is another's.
func TestWhatLiesBesideASample(t *testing.T) {
	for text, want := range map[string]bool{
		sampleLines[0] + "\"\n": true, sampleLines[1] + "x\na,b,c,1,d,e\n": true, sampleLines[5] + "\n": true,
		"notes on " + sampleLines[0] + "\n": false, "channel,kind\n1,2\n": false, "device,plant\na,b\n": false, "indicator,type,score,label,source,root_process,more\n": false,
	} {
		path := filepath.Join(t.TempDir(), "events.jsonl")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Each(path, func(Event) error { return nil })
		foreign := (*ForeignError)(nil)
		if is := errors.As(err, &foreign) && foreign.Sample; is != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A command line may hold the words; only a column of that name tells.
func TestEventsThatMentionOwnColumns(t *testing.T) {
	text := []byte(`{"EventID":1,"CommandLine":"echo root_process"}`)
	if isOwn(text) {
		t.Errorf("an event that mentions a column is taken for a hunt's rows")
	}
}

// A table is known by all its columns: a vendor's export has some of the same.
func TestOwnTables(t *testing.T) {
	c := cutting{own: [][]string{{"pattern_count", "RemoteUrl", "DeviceId", "FileName", "Timestamp"}}}
	for text, want := range map[string]bool{
		"pattern_count,RemoteUrl,DeviceId,FileName,Timestamp\n": true, "pattern_count,RemoteUrl,DeviceId,FileName,Timestamp,intel\r\n1": true,
		`"pattern_count","RemoteUrl","DeviceId","FileName","Timestamp"`: true, "pattern_count\tRemoteUrl\tDeviceId\tFileName\tTimestamp": true,
		`{"pattern_count":1,"DeviceId":"d","FileName":["f"],"Timestamp":"t"}`: true,
		"RemoteUrl,DeviceId,FileName,Timestamp\n":                             false, "Timestamp,DeviceId,FileName,RemoteUrl,pattern_count": false, "pattern_count,RemoteUrl\n": false,
		`{"RemoteUrl":"u","DeviceId":"d","FileName":"f","Timestamp":"t"}`: false, `{"pattern_count":1,"DeviceId":"d","Timestamp":"t"}`: false,
		`{"pattern_count":1,"FileName":"f","DeviceId":"d","Timestamp":"t"}`: false, `{"pattern_count":1,"DeviceId":"d","FileName":"f","Timestamp":"t","Other":1}`: false,
		`{"pattern_count":1,"DeviceId":"d","FileName":{},"Timestamp":"t"}`: false, `{"pattern_count":1,"DeviceId`: false, "{": false, "": false,
	} {
		if got := c.isOwnTable([]byte(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}
