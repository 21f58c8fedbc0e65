package host

import (
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // the codec that is bounded here
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/schtaskhunt/schtaskhunt/plugin/internal/wire"
)

// bounds is how large an answer may be. Bytes alone are no bound: a verdict that says
// nothing takes two of them, and fifty times as many when it is decoded.
type bounds struct {
	bytes int // of the message
	parts int // messages, texts and numbers of lists, at every depth
}

// Bounds of the answers, by what they are on. A verdict is a message and two texts. A
// row has a value and its number for each canonical field, of which there are fewer than
// maxRowFields, and the names of all rows. A message weighs as much as four texts.
const (
	maxRowFields  = 128
	messageWeight = 4
)

var (
	greetingBounds = bounds{bytes: 64 << 10, parts: 64}
	mappingBounds  = bounds{bytes: 16 << 20, parts: 1 << 19}
)

func boundsOfVerdicts(n int) bounds {
	return bounds{bytes: min(wire.MaxMessage, 4096+n*(2*maxLabel+64)), parts: 64 + n*(messageWeight+2)}
}

func boundsOfRows(n int) bounds {
	return bounds{bytes: wire.MaxMessage, parts: 2*maxRowFields + n*(messageWeight+2*maxRowFields)}
}

// options are what a call needs for its answer to be bounded.
func (b bounds) options() []grpc.CallOption {
	return []grpc.CallOption{grpc.MaxCallRecvMsgSize(b.bytes), grpc.ForceCodecV2(boundedCodec{encoding.GetCodecV2("proto"), b.parts})}
}

// boundedCodec refuses answers of too many parts before it decodes them.
type boundedCodec struct {
	encoding.CodecV2
	parts int
}

// Unmarshal implements encoding.CodecV2.
func (c boundedCodec) Unmarshal(data mem.BufferSlice, v any) error {
	if m, ok := v.(proto.Message); ok {
		whole := data.MaterializeToBuffer(mem.DefaultBufferPool())
		defer whole.Free()
		left := c.parts
		if err := count(whole.ReadOnlyData(), m.ProtoReflect().Descriptor(), &left); err != nil {
			return err
		}
		return c.CodecV2.Unmarshal(mem.BufferSlice{whole}, v)
	}
	return c.CodecV2.Unmarshal(data, v)
}

// count takes the parts of an encoded message from those that are left.
func count(text []byte, d protoreflect.MessageDescriptor, left *int) error {
	for len(text) > 0 {
		number, kind, n := protowire.ConsumeTag(text)
		if n < 0 {
			return protowire.ParseError(n)
		}
		text = text[n:]
		size := protowire.ConsumeFieldValue(number, kind, text)
		if size < 0 {
			return protowire.ParseError(size)
		}
		value := text[:size]
		text = text[size:]
		field := d.Fields().ByNumber(number)
		if field == nil {
			*left-- // what is not known is kept, too
		} else if err := countField(value, kind, field, left); err != nil {
			return err
		}
		if *left < 0 {
			return errors.New("it has more parts than any answer to that")
		}
	}
	return nil
}

func countField(value []byte, kind protowire.Type, field protoreflect.FieldDescriptor, left *int) error {
	if kind != protowire.BytesType {
		if field.IsList() {
			*left--
		}
		return nil
	}
	inner, _ := protowire.ConsumeBytes(value)
	*left--
	switch {
	case field.Message() != nil:
		*left -= messageWeight - 1
		return count(inner, field.Message(), left)
	case field.IsList() && field.Kind() != protoreflect.BytesKind && field.Kind() != protoreflect.StringKind:
		*left -= numbers(inner) // packed
	}
	return nil
}

// numbers counts varints, which each end with a byte below 0x80. The fixed ones are
// longer, so that it counts no fewer than there are.
func numbers(packed []byte) (n int) {
	for _, b := range packed {
		if b < 0x80 {
			n++
		}
	}
	return n
}
