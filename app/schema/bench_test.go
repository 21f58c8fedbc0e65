package schema

import (
	"slices"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// benchmarkEvents are the forms whose cost per event is worth knowing.
var benchmarkEvents = []struct {
	name   string
	fields fields
}{
	{"process, extracted fields", addonCIM(processCreate).and(addonOwn(processCreate), splunkOwn)},
	{"connection, extracted fields", addonCIM(networkConnect).and(addonOwn(networkConnect), splunkOwn)},
	{"connection, extracted fields and XML", addonCIM(networkConnect).and(addonOwn(networkConnect), splunkOwn, inXML(networkConnect))},
	{"process, XML", inXML(processCreate)},
	{"connection, XML", inXML(networkConnect)},
	{"process, NXLog", inNXLog(processCreate)},
	{"process, winlogbeat", inBeat7(processCreate)},
	{"Defender process, Event Hub", text(envelope(defenderProcess()))},
	{"Defender connection, columns", columns(envelope(defenderConnection("ConnectionSuccess")))},
	{"other, XML", foreign["PowerShell 4104 as XML"]},
	{"other, extracted fields", foreign["Security 4688 in CIM"].with("Channel", "Security")},
	{"other, JSON", foreign["winlogbeat, Security"]},
	{"audit, JSON", text(jsonText(securityCreate()))},
	{"CIM connection", fields{"_time": epochTime, "All_Traffic.dvc": computer, "All_Traffic.process_id": "4321", "All_Traffic.dest_ip": "203.0.113.7", "All_Traffic.dest_port": "443"}},
}

func (r *reading) forget() {
	s := r.store
	s.Processes, s.Ends, s.Connections = s.Processes[:0], s.Ends[:0], s.Connections[:0]
}

func BenchmarkRead(b *testing.B) {
	for _, e := range benchmarkEvents {
		b.Run(strings.ReplaceAll(e.name, ", ", "_"), func(b *testing.B) {
			r, rec := newReading(b), e.fields.record()
			b.ReportAllocs()
			for b.Loop() {
				r.Read(rec)
				r.forget()
			}
		})
	}
}

// BenchmarkReadRows is a chunk of lean CSV rows, splitting included.
func BenchmarkReadRows(b *testing.B) {
	body, n := csvOf(addonOwn(processCreate).and(splunkOwn), 1000)
	r, rows, rec := newReading(b), record.NewRows(), record.New(Names())
	b.ReportAllocs()
	for b.Loop() {
		if err := rows.Reset(body); err != nil {
			b.Fatal(err)
		}
		for rows.Next(rec) {
			r.Read(rec)
		}
		r.forget()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/event")
}

func csvOf(f fields, n int) (body []byte, rows int) {
	var header, row []string
	for name, v := range f {
		header, row = append(header, name), append(row, `"`+strings.ReplaceAll(v, `"`, `""`)+`"`)
	}
	line := []byte(strings.Join(row, ",") + "\n")
	return append([]byte(strings.Join(header, ",")+"\n"), slices.Repeat(line, n)...), n
}

// TestNothingIsAllocatedPerEvent once the reader has seen its like.
func TestNothingIsAllocatedPerEvent(t *testing.T) {
	for _, e := range benchmarkEvents {
		r, rec := newReading(t), e.fields.record()
		for range 3 {
			r.Read(rec)
		}
		if n := testing.AllocsPerRun(100, func() {
			r.Read(rec)
			r.forget()
		}); n > 0 {
			t.Errorf("%s: %v allocations per event", e.name, n)
		}
	}
}
