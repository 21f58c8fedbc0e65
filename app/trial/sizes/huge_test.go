//go:build bench

package sizes_test

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/sink"
	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
)

// hugeShape is a form of events that makes quadratic programs stop.
type hugeShape struct {
	name  string
	args  string
	event func(k int) []byte // the kth, from 0
	tenth bool               // a tenth of the events is enough
	warns string             // what has to be told
}

// connectionEvent is a connection of process 1, to one of so many addresses.
func connectionEvent(k, addresses int) []byte {
	a := k % addresses
	return fmt.Appendf(nil, `{"EventID":3,"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"PC",`+
		`"TimeCreated":"2026-11-20T09:00:01.0000000Z","RecordNumber":"%d","UtcTime":"2026-11-20 09:00:01.000","Image":"C:\\x.exe",`+
		`"ProcessGuid":"{5a1c0de0-0000-6720-0000-000000000001}","ProcessId":"9","Protocol":"tcp","Initiated":"true","SourceIp":"10.0.0.1",`+
		`"SourcePort":"%d","DestinationIp":"198.%d.%d.%d","DestinationPort":"443"}`, 5_000_000+k, 1024+k%60000, a>>16&0xff, a>>8&0xff, a&0xff)
}

func hugeShapes() []hugeShape {
	random := func(k int) []byte {
		if k == 0 {
			return chainEvent(1, 0)
		}
		return chainEvent(k+1, 1+rand.New(rand.NewPCG(uint64(k), 1)).IntN(k))
	}
	connections := func(addresses int) func(k int) []byte {
		return func(k int) []byte {
			if k == 0 {
				return chainEvent(1, 0)
			}
			return connectionEvent(k, addresses)
		}
	}
	return []hugeShape{
		{name: "a device with many processes", args: "max_depth=100", event: random, warns: "max_mem_mb"},
		{name: "a root with many children", event: func(k int) []byte { return chainEvent(k+1, min(k, 1)) }, tenth: true},
		{name: "a chain", args: "max_depth=2000000", event: func(k int) []byte { return chainEvent(k+1, k) }, tenth: true, warns: "path leaves names out"},
		{name: "a chain beyond max_depth", event: func(k int) []byte { return chainEvent(k+1, k) }, tenth: true, warns: "max_depth=32 was reached"},
		{name: "a process with many connections to many", event: connections(1 << 24), warns: "max_mem_mb"},
		{name: "a process with many connections to one", event: connections(1)},
	}
}

// TestHugeShapes hunts in 10^5 and in 10^6 events of every shape, and fails where ten
// times the events take more than twenty times as long. Recursion over the events would
// exceed the stack.
func TestHugeShapes(t *testing.T) {
	debug.SetMaxStack(1 << 20)
	for _, s := range hugeShapes() {
		t.Run(s.name, func(t *testing.T) {
			few, many := 100_000, 1_000_000
			if s.tenth {
				few, many = few/10, many/10
			}
			before, _ := s.hunt(t, few)
			took, messages := s.hunt(t, many)
			ratio := took.Seconds() / before.Seconds()
			fmt.Printf("%-45s %9d events: %6.2f s, %5.1f times that of %d\n", s.name, many, took.Seconds(), ratio, few)
			if ratio > 20 {
				t.Errorf("%d events took %.1f times as long as %d", many, ratio, few)
			}
			if !strings.Contains(messages, s.warns) {
				t.Errorf("no message has %q: %s", s.warns, messages)
			}
		})
	}
}

func (s hugeShape) hunt(t *testing.T, n int) (took time.Duration, messages string) {
	t.Helper()
	debug.FreeOSMemory()
	began := time.Now()
	h, err := engine.Start(engine.Config{Options: doors.Parse(t, "recent=all lookback=all max_mem_mb=512 "+s.args)})
	e := doors.SpreadOver(t, h, err)
	for k := range n {
		if _, err := e.Turn().AddText(s.event(k)); err != nil {
			t.Fatal(err)
		}
	}
	result, err := e.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sink.Body(result.Columns, result.Rows); err != nil {
		t.Fatal(err)
	}
	return time.Since(began), fmt.Sprint(result.Messages)
}
