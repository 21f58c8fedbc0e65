package evtx

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// dumpBatch is how many chunks a worker may be ahead of what is written.
const dumpBatch = 4

// Dump writes every record of a log as a line of XML, in the log's order, and returns how
// many there were. Line breaks within texts are written as &#10;. workers is how many
// goroutines take chunks apart, at least one; warn, if not nil, is called by one at a time,
// in no order. Memory does not grow with the log: some chunks and their text for each
// worker.
func Dump(w io.Writer, r io.Reader, workers int, warn func(Warning)) (records int, err error) {
	warnings := make(chan Warning)
	told := make(chan struct{})
	go func() {
		defer close(told)
		for one := range warnings {
			if warn != nil {
				warn(one)
			}
		}
	}()
	records, err = dump(w, r, max(workers, 1), func(one Warning) { warnings <- one })
	close(warnings)
	<-told
	return records, err
}

// page is a chunk on its way, and then its text.
type page struct {
	chunk   Chunk
	text    []byte
	records int
	done    chan struct{}
}

func dump(w io.Writer, r io.Reader, workers int, warn func(Warning)) (records int, err error) {
	log, err := NewReader(r, warn)
	if err != nil {
		return 0, err
	}
	work, order := make(chan *page, workers*dumpBatch), make(chan *page, workers*dumpBatch)
	for range workers {
		go takeApart(work, warn)
	}
	var failed error // of the stream
	stop := make(chan struct{})
	spare := make(chan *page, cap(order)+1)
	go func() {
		failed = readPages(log, stop, spare, work, order)
		close(order)
	}()
	out, stopped := bufio.NewWriterSize(w, ChunkSize), false
	for p := range order {
		<-p.done
		records += p.records
		if err == nil {
			_, err = out.Write(p.text)
		}
		if err != nil && !stopped {
			stopped = true
			close(stop)
		}
		select {
		case spare <- p:
		default:
		}
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		err = fmt.Errorf("writing the log's records: %w", err)
	}
	return records, errors.Join(failed, err)
}

// readPages hands chunks to whoever is free, and notes their order, until it is stopped.
func readPages(log *Reader, stop <-chan struct{}, spare <-chan *page, work, order chan<- *page) error {
	defer close(work)
	for {
		var p *page
		select {
		case <-stop:
			return nil
		case p = <-spare:
		default:
			p = &page{done: make(chan struct{}, 1)}
		}
		if err := log.Next(&p.chunk); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		work <- p
		order <- p
	}
}

func takeApart(work <-chan *page, warn func(Warning)) {
	d := Decoder{Warn: warn}
	for p := range work {
		p.text, p.records = p.text[:0], 0
		for d.Open(&p.chunk); d.Next(); p.records++ {
			p.text, _ = d.AppendLine(p.text) // an error is told of by warn
		}
		p.done <- struct{}{}
	}
}
