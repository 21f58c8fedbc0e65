package source_test

import (
	"fmt"
	"strings"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/record"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// One goroutine finds where events end, two read what is in them. The channel bounds
// the memory: one batch is being cut, one waits, two are being read.
func ExampleSource_BatchesIn() {
	text := "EventID,Image\n1,cmd.exe\n3,cmd.exe\n1,at.exe\n"
	names := record.NewNames("EventID")

	queue := make(chan *source.Batch, 1)
	counts := make([]int, 2)
	var readers sync.WaitGroup
	for i := range counts {
		readers.Go(func() {
			rec := record.New(names)
			for batch := range queue {
				_ = batch.Each(func(e source.Event) error {
					if err := e.Fill(rec); err == nil && string(rec.Get(0)) == "1" {
						counts[i]++
					}
					return nil
				})
				batch.Free()
			}
		})
	}
	stats, err := source.Source{}.BatchesIn("events.csv", strings.NewReader(text), func(b *source.Batch) error {
		queue <- b
		return nil
	})
	close(queue)
	readers.Wait()
	fmt.Println(counts[0]+counts[1], "process starts in", stats.Files, "file;", err)
	// Output: 2 process starts in 1 file; <nil>
}
