package sample

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// dayFiles writes lines that come newest first into one file a day, or into one
// file of all.
type dayFiles struct {
	dir   string
	cfg   Config
	names []string // files written so far, the newest day first
	bytes int64    // size of the text, before compression

	day  Time // of the open file
	file *os.File
	gz   *gzip.Writer
	w    *bufio.Writer
}

func (d *dayFiles) add(at Time, line []byte) error {
	today := at / day
	if d.cfg.OneFile {
		today = 0
	}
	if d.file == nil || today != d.day {
		if err := d.turnTo(today); err != nil {
			return err
		}
	}
	d.bytes += int64(len(line))
	_, err := d.w.Write(line)
	return err
}

// turnTo closes the open file and opens the one of a day.
func (d *dayFiles) turnTo(today Time) error {
	if err := d.close(); err != nil {
		return err
	}
	name := d.name(today)
	f, err := os.OpenFile(filepath.Join(d.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	d.names = append(d.names, name)
	d.day, d.file, d.gz = today, f, nil
	var to io.Writer = f
	if d.cfg.Gzip {
		d.gz, _ = gzip.NewWriterLevel(f, gzip.BestCompression) // fails for unknown levels only
		to = d.gz
	}
	d.w = bufio.NewWriterSize(to, 1<<18)
	return nil
}

func (d *dayFiles) name(today Time) string {
	name := "events"
	if !d.cfg.OneFile {
		name += (today * day).UTC().Format("-2006-01-02")
	}
	if d.cfg.Format == FormatSysmonXML {
		name += ".xml"
	} else {
		name += ".jsonl"
	}
	if d.cfg.Gzip {
		name += ".gz"
	}
	return name
}

// close completes the open file, if there is one.
func (d *dayFiles) close() error {
	if d.file == nil {
		return nil
	}
	err := d.w.Flush()
	if d.gz != nil {
		err = errors.Join(err, d.gz.Close())
	}
	err = errors.Join(err, d.file.Close())
	d.file = nil
	if err != nil {
		return fmt.Errorf("writing %s: %w", d.names[len(d.names)-1], err)
	}
	return nil
}
