package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"

	"github.com/schtaskhunt/schtaskhunt/app/sink"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// inputs are the files that were read, for what is said about them. It is safe for
// concurrent use.
type inputs struct {
	hashed bool // sums are wanted, which cost time
	bar    progress

	mu  sync.Mutex
	all []*input
}

// input is one file as it lies on disk.
type input struct {
	io.Reader
	name string
	of   *inputs
	read int64
	sum  hash.Hash // nil when no sum is wanted
	done bool      // it was read to its end
}

// opened takes note of a file and returns what is to be read in its place.
func (in *inputs) opened(name string, from io.Reader) io.Reader {
	i := &input{Reader: from, name: name, of: in}
	if in.hashed {
		i.sum = sha256.New()
	}
	in.bar.file(name)
	in.mu.Lock()
	defer in.mu.Unlock()
	in.all = append(in.all, i)
	return i
}

// Read implements io.Reader.
func (i *input) Read(p []byte) (int, error) {
	n, err := i.Reader.Read(p)
	i.of.mu.Lock()
	defer i.of.mu.Unlock()
	i.read += int64(n)
	i.done = i.done || errors.Is(err, io.EOF)
	if i.sum != nil {
		_, _ = i.sum.Write(p[:n]) // a sum never fails
	}
	return n, err
}

// list returns the files for a report, those left out with the reason.
func (in *inputs) list(skipped []source.Skipped) (list []sink.Input) {
	in.mu.Lock()
	defer in.mu.Unlock()
	why := make(map[string]string)
	for _, s := range skipped {
		why[s.File] = s.Reason.Error()
	}
	for _, i := range in.all {
		one := sink.Input{Name: i.name, Bytes: i.read, LeftOut: why[i.name]}
		if i.sum != nil && i.done {
			one.SHA256 = hex.EncodeToString(i.sum.Sum(nil))
		}
		list = append(list, one)
	}
	return list
}

// String says how much was read.
func (in *inputs) String() string {
	in.mu.Lock()
	defer in.mu.Unlock()
	total := int64(0)
	for _, i := range in.all {
		total += i.read
	}
	files := "1 file"
	if n := len(in.all); n != 1 {
		files = fmt.Sprintf("%d files", n)
	}
	return fmt.Sprintf("%s of %s", sink.Bytes(total), files)
}
