package source

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"
)

// Queues carry a message's body as base64 where they do not know that it is text: Event Hubs'
// explorers and exports, Kinesis, Pub/Sub, Kafka's REST proxy; CloudWatch's subscriptions pack
// it besides. Such a body may hold a list of events, and so it is read as a text of its own.

// bodyKeys are the keys of such bodies.
var bodyKeys = []string{"Body", "body", "data", "Data", "value", "message", "payload", "content", "EventBody", "eventBody"}

// leastBody is how long a body is at least, in bytes: an event has more.
const leastBody = 80

// bodyKey returns the key whose values are bodies in base64 that hold events, by the first
// object of a text; "" for none.
func bodyKey(trimmed []byte) string {
	if len(trimmed) == 0 || trimmed[0] != '{' && trimmed[0] != '[' {
		return ""
	}
	for _, key := range bodyKeys {
		before, value, found := cutBody(trimmed, key)
		if !found || len(value) < leastBody || !isTransport(before) {
			continue
		}
		value, _, _ = bytes.Cut(value, []byte{'"'})
		if isBody(value[:len(value)&^3]) {
			return key
		}
	}
	return ""
}

// transportKeys are what queues have before a body, in lower case: where there is anything
// else, it is an event of its own, and may be one in which somebody put such a value. Sources:
// the message formats of the queues' references.
var transportKeys = []string{
	"sequencenumber", "offset", "enqueuedtimeutc", "enqueued_time", "partitionkey", "partitionid", "partition", "properties", "systemproperties", "contenttype", "correlationid",
	"messageid", "message_id", "publishtime", "publish_time", "attributes", "ackid", "receivedmessages", "message", "messages", "orderingkey",
	"records", "kinesis", "kinesisschemaversion", "sequencenumberforordering", "approximatearrivaltimestamp", "recordid", "invocationid", "deliverystreamarn", "region",
	"topic", "key", "timestamp", "timestamptype", "headers", "eventid", "eventname", "eventsource", "eventversion", "awsregion", "invokeidentityarn", "eventsourcearn",
}

// isTransport reports whether the keys in a text are a queue's.
func isTransport(text []byte) bool {
	for {
		_, rest, found := bytes.Cut(text, []byte{'"'})
		if !found {
			return true
		}
		word, after, _ := bytes.Cut(rest, []byte{'"'})
		if text = after; !bytes.HasPrefix(bytes.TrimLeft(after, space), []byte{':'}) {
			continue // a value
		}
		if !slices.Contains(transportKeys, string(bytes.ToLower(word))) {
			return false
		}
	}
}

// cutBody returns what stands before the value of a key, which is a string, and from the
// value on.
func cutBody(text []byte, key string) (before, value []byte, found bool) {
	quoted := `"` + key + `"`
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(quoted))
		if i < 0 {
			return nil, nil, false
		}
		at += i + len(quoted)
		rest := bytes.TrimLeft(text[at:], space)
		if len(rest) > 0 && rest[0] == ':' {
			if rest = bytes.TrimLeft(rest[1:], space); len(rest) > 0 && rest[0] == '"' {
				return text[:at-len(quoted)], rest[1:], true
			}
		}
	}
}

// isBody reports whether the begin of a value is base64 of something that may be events.
func isBody(value []byte) bool {
	head := make([]byte, base64.StdEncoding.DecodedLen(len(value)))
	n, err := base64.StdEncoding.Decode(head, value)
	head = bytes.TrimLeft(head[:n], space)
	return err == nil && len(head) > 1 && (string(head[:2]) == gzipMagic || beginsEvent(head))
}

// cutBodies cuts the events of bodies.
func (c *cutting) cutBodies(text *bufio.Reader, head []byte) error {
	key := bodyKey(bytes.TrimLeft(head, space))
	c.text, c.files = &bodies{r: bufio.NewReaderSize(text, 64<<10), key: key}, nil
	return c.events()
}

// bodies is the text in the bodies of messages, a body a line or more.
type bodies struct {
	r   *bufio.Reader
	key string
	in  []byte // read and not looked at
	out []byte // not given out yet
	err error
}

// Read implements io.Reader.
func (b *bodies) Read(p []byte) (int, error) {
	for len(b.out) == 0 {
		if !b.next() {
			return 0, b.err
		}
	}
	n := copy(p, b.out)
	b.out = b.out[n:]
	return n, nil
}

// next takes the next body, or reads some more in search of one. It reports false at the end.
func (b *bodies) next() bool {
	if _, value, found := cutBody(b.in, b.key); found {
		if end := bytes.IndexByte(value, '"'); end >= 0 {
			b.out = append(unpackBody(value[:end]), '\n')
			b.in = b.in[:copy(b.in, value[end+1:])]
			return true
		}
	} else if keep := len(b.key) + len(`"":"`) + 64; len(b.in) > keep && b.err == nil {
		b.in = b.in[:copy(b.in, b.in[len(b.in)-keep:])]
	}
	if b.err == nil && len(b.in) >= maxEvent {
		b.err = errLongEvent
	}
	if b.err != nil {
		return false
	}
	have := len(b.in)
	b.in = slices.Grow(b.in, 64<<10)
	n, err := b.r.Read(b.in[have:cap(b.in)])
	b.in, b.err = b.in[:have+n], err
	return true
}

// lost stands for a body that cannot be read.
var lost = []byte("{")

// unpackBody returns the text in a body: lost for one that is no base64, or packed and
// broken.
func unpackBody(value []byte) []byte {
	value = bytes.ReplaceAll(value, []byte(`\/`), []byte{'/'})
	text := make([]byte, base64.StdEncoding.DecodedLen(len(value)))
	n, err := base64.StdEncoding.Decode(text, value)
	if err != nil {
		return bytes.Clone(lost)
	}
	if text = text[:n]; !bytes.HasPrefix(text, []byte(gzipMagic)) {
		return text
	}
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return bytes.Clone(lost)
	}
	text, err = io.ReadAll(io.LimitReader(z, maxEvent+1))
	if err = errors.Join(err, z.Close()); err != nil || len(text) > maxEvent {
		return bytes.Clone(lost)
	}
	return text
}
