package schema

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// sides keeps what plans say of connections, and has each read in full.
type sides struct{ said string }

func (s *sides) Look(k *event.Keys, p *Plan, rec *record.Record) bool {
	if s.said = ""; k.Kind == event.NetworkConnection {
		port, is := p.Inbound(rec)
		s.said = fmt.Sprint(is, port)
	}
	return false
}

// A plan says the same of who opened a connection, and to which port, as a whole reading.
func TestInboundIsWhatAWholeReadingSays(t *testing.T) {
	schemas := BuiltIn()
	store, looked := event.NewStore(), &sides{}
	reader, err := schemas.NewReader(store)
	if err != nil {
		t.Fatal(err)
	}
	reader.LookFirst(looked)
	rec := record.New(schemas.Names())
	r := rand.New(rand.NewPCG(3, 3))
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	inbound, others := 0, 0
	layout := &record.Layout{}
	for _, name := range []string{"EventCode", "Channel", "Computer", "Protocol", "User", "ProcessGuid", "EventRecordID", "UtcTime", "ProcessId", "Image",
		"Initiated", "Direction", "SourceIp", "DestinationIp", "SourcePort", "DestinationPort"} {
		layout.Slots = append(layout.Slots, schemas.Names().Slot(name))
	}
	for range 3000 {
		rec.Reset()
		rec.SetLayout(layout)
		store.Connections = store.Connections[:0]
		for name, value := range map[string]string{
			"EventCode": "3", "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "a", "Protocol": "tcp", "User": "u", "ProcessGuid": "{5aa6c7d6-0000-6400-1000-000000000001}", "EventRecordID": "7", "UtcTime": "2026-11-10 10:00:00.000", "ProcessId": "4", "Image": "System",
			"Initiated": pick("true", "false", "False", "", "-", "no"), "Direction": pick("", "", "inbound", "Outbound", "x"),
			"SourceIp": pick("10.0.0.1", "10.0.0.2"), "DestinationIp": "10.0.0.3", "SourcePort": "50000", "DestinationPort": pick("135", "445", "", "-", "x", "0"),
		} {
			if value != "" {
				rec.Set(schemas.Names().Slot(name), []byte(value))
			}
		}
		if kind := reader.Read(rec); kind != event.NetworkConnection || len(store.Connections) != 1 {
			continue
		}
		c := &store.Connections[0]
		is := c.Direction == event.Inbound
		if looked.said == "" {
			continue // it was out of the ordinary, and read in full at once
		}
		want := fmt.Sprint(is, c.LocalPort)
		if !is {
			want = fmt.Sprint(is, c.RemotePort)
			others++
		} else {
			inbound++
		}
		if looked.said != want {
			t.Fatalf("%s, a whole reading says %s: %+v", looked.said, want, c)
		}
	}
	if inbound < 200 || others < 200 {
		t.Errorf("%d inbound, %d others: this tests little", inbound, others)
	}
}
