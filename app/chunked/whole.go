package chunked

import "io"

// wholeBodies makes a StreamCommand of a Command. The memory of one body serves for
// the next.
type wholeBodies struct {
	Command
	memory []byte
}

// ExecuteFrom reads the body and hands it on.
func (w *wholeBodies) ExecuteFrom(body io.Reader, size int, finished bool) (reply Reply, err error) {
	if w.memory, err = fill(body, w.memory, size); err != nil {
		return reply, err
	}
	return w.Execute(w.memory, finished)
}
