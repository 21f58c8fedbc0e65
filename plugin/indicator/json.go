package indicator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxDepth is how deep JSON may be nested. MISP's exports need six levels.
const maxDepth = 64

// jsonList reads a JSON list as a stream: it holds one indicator at a time.
type jsonList struct {
	*list
	in *json.Decoder
	// event is the title of the MISP event that is being read.
	event string
}

// readJSON reads MISP events and STIX bundles, any number of them. Whatever holds a
// list of Attribute is MISP, whatever holds objects is STIX; other members are passed
// over, so that wrappers (response, Event, TAXII envelopes) do not matter.
//
// A text that breaks off keeps what was read before, and is a warning: nobody sees from
// its entries how many more there were.
func (l *list) readJSON(r io.Reader) error {
	j := jsonList{list: l, in: json.NewDecoder(r)}
	for {
		err := j.value("", 0)
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			return nil
		case isBroken(err):
			l.report.bad(j.where(), fmt.Errorf("%w; what follows it was not read", err))
			l.report.warn("%s was not read to its end: its json breaks off or is broken at byte %d", j.name, j.in.InputOffset())
			return nil
		default:
			return err
		}
	}
}

var errDeep = fmt.Errorf("json is nested deeper than %d levels", maxDepth)

// isBroken reports whether the text is to blame, not the reading of it.
func isBroken(err error) bool {
	var syntax *json.SyntaxError
	return errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errDeep)
}

func (j *jsonList) where() string { return fmt.Sprintf("%s:byte %d", j.name, j.in.InputOffset()) }

// value reads the next value, which stands under a key.
func (j *jsonList) value(key string, depth int) error {
	if depth > maxDepth {
		return errDeep
	}
	token, err := j.in.Token()
	if err != nil {
		return unexpected(err, depth)
	}
	switch token {
	case json.Delim('{'):
		err = j.object(depth)
	case json.Delim('['):
		err = j.array(key, depth)
	default:
		if text, isText := token.(string); isText && key == "info" {
			j.event = text
		}
		return nil
	}
	if err != nil {
		return err
	}
	_, err = j.in.Token() // the closing bracket
	return unexpected(err, depth+1)
}

// unexpected tells an end in the midst of a value from the end of the text.
func unexpected(err error, depth int) error {
	if depth > 0 && errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (j *jsonList) object(depth int) error {
	for j.in.More() {
		key, err := j.in.Token()
		if err != nil {
			return unexpected(err, depth+1)
		}
		name, _ := key.(string)
		if err := j.value(name, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonList) array(key string, depth int) error {
	for j.in.More() {
		var err error
		switch key {
		case "Attribute":
			err = each(j, j.attribute)
		case "objects":
			err = each(j, j.stixObject)
		default:
			err = j.value("", depth+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// each reads one element into a T and hands it on. An element of other types costs
// itself only.
func each[T any](j *jsonList, take func(*T) error) error {
	var element T
	err := j.in.Decode(&element)
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &mismatch):
		j.report.bad(j.where(), fmt.Errorf("%s is not what is expected for %s", mismatch.Value, mismatch.Field))
		return nil
	case err != nil:
		return unexpected(err, 1)
	}
	if err := take(&element); errors.Is(err, errFull) {
		return err
	} else if err != nil {
		j.report.bad(j.where(), err)
	}
	return nil
}
