package host

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/internal/wire"
	pluginv1 "github.com/schtaskhunt/schtaskhunt/plugin/proto/v1"
)

func decode(text []byte, b bounds, to proto.Message) error {
	codec := boundedCodec{encoding.GetCodecV2("proto"), b.parts}
	return codec.Unmarshal(mem.BufferSlice{mem.SliceBuffer(text)}, to)
}

func encode(t *testing.T, m proto.Message) []byte {
	t.Helper()
	text, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Honest answers of every size are within their bounds.
func TestHonestAnswersAreWithinBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 100, 5000} {
		verdicts := &pluginv1.EnrichResponse{}
		rows := make([]plugin.Row, n)
		for i := range n {
			label := strings.Repeat("x", r.IntN(maxLabel+1))
			verdicts.Verdicts = append(verdicts.Verdicts, &pluginv1.Verdict{Score: 7, Label: label, Source: label, TtlNanoseconds: 1 << 60})
			rows[i] = plugin.Row{}
			for f := range r.IntN(maxRowFields) {
				rows[i][fmt.Sprint("field", f)] = "v"
			}
		}
		text := encode(t, verdicts)
		if err := decode(text, boundsOfVerdicts(n), &pluginv1.EnrichResponse{}); err != nil || len(text) > boundsOfVerdicts(n).bytes {
			t.Errorf("%d verdicts of %d bytes: %v", n, len(text), err)
		}
		got := &pluginv1.MapRowsResponse{}
		if err := decode(encode(t, &pluginv1.MapRowsResponse{Rows: wire.EncodeRows(rows)}), boundsOfRows(n), got); err != nil || len(got.GetRows().GetRows()) != n {
			t.Errorf("%d rows: %v", n, err)
		}
	}
}

// What is small on the wire and large in memory is refused before it is decoded.
func TestAnswersOfManyParts(t *testing.T) {
	const n = 5000
	many := func(piece ...byte) []byte { return bytes.Repeat(piece, 1<<20) }
	inside := func(tag byte, text []byte) []byte {
		size := uint32(len(text))
		return append([]byte{tag, byte(size) | 0x80, byte(size>>7) | 0x80, byte(size>>14) | 0x80, byte(size >> 21)}, text...)
	}
	for name, c := range map[string]struct {
		text   []byte
		bounds bounds
		to     proto.Message
	}{
		"empty verdicts":         {many(0x0a, 0), boundsOfVerdicts(n), &pluginv1.EnrichResponse{}},
		"fields nobody knows":    {many(0x7a, 0), boundsOfVerdicts(n), &pluginv1.EnrichResponse{}},
		"empty rows":             {inside(0x0a, many(0x12, 0)), boundsOfRows(1), &pluginv1.MapRowsResponse{}},
		"names":                  {inside(0x0a, many(0x0a, 0)), boundsOfRows(1), &pluginv1.MapRowsResponse{}},
		"packed numbers":         {inside(0x0a, inside(0x12, inside(0x0a, many(1)))), boundsOfRows(1), &pluginv1.MapRowsResponse{}},
		"numbers one by one":     {inside(0x0a, inside(0x12, many(0x08, 1))), boundsOfRows(1), &pluginv1.MapRowsResponse{}},
		"conditions of a gate":   {inside(0x12, many(0x0a, 0)), mappingBounds, &pluginv1.MappingResponse{}},
		"fields of a condition":  {inside(0x12, inside(0x0a, many(0x0a, 0))), mappingBounds, &pluginv1.MappingResponse{}},
		"tables":                 {many(0x1a, 0), mappingBounds, &pluginv1.MappingResponse{}},
		"a message that is torn": {[]byte{0x0a, 0x7f}, mappingBounds, &pluginv1.MappingResponse{}},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := decode(c.text, c.bounds, c.to)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: %d bytes are decoded", name, len(c.text))
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
			t.Errorf("%s: %d MB are used", name, used>>20)
		}
	}
}
