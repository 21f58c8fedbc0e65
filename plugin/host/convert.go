package host

import (
	"fmt"
	"math"
	"time"
	"unicode/utf8"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/internal/wire"
	pluginv1 "github.com/schtaskhunt/schtaskhunt/plugin/proto/v1"
)

// The limits of answers, in bytes. What is beyond them is no honest answer.
const (
	maxLabel = 256
	maxField = 256     // of a field's name
	maxValue = 1 << 20 // of a field's value
)

// maxTTL is the longest that a verdict is kept.
const maxTTL = 30 * 24 * time.Hour

var kindsToProto = map[plugin.IndicatorKind]pluginv1.Indicator_Kind{
	plugin.IP:          pluginv1.Indicator_KIND_IP,
	plugin.Domain:      pluginv1.Indicator_KIND_DOMAIN,
	plugin.SHA256:      pluginv1.Indicator_KIND_SHA256,
	plugin.CommandLine: pluginv1.Indicator_KIND_COMMAND_LINE,
}

// indicatorsToProto encodes a batch in three allocations, however large it is.
func indicatorsToProto(batch []plugin.Indicator) []*pluginv1.Indicator {
	size := 0
	for i := range batch {
		size += len(batch[i].Value)
	}
	values := make([]byte, 0, size)
	block := make([]pluginv1.Indicator, len(batch))
	out := make([]*pluginv1.Indicator, len(batch))
	for i := range batch {
		from := len(values)
		values = append(values, batch[i].Value...)
		out[i] = &block[i]
		out[i].Kind, out[i].Value = kindsToProto[batch[i].Kind], values[from:len(values):len(values)]
	}
	return out
}

// verdictsFromProto checks an answer and puts it into out, which says how many
// verdicts there must be.
func verdictsFromProto(in []*pluginv1.Verdict, out []plugin.Verdict) error {
	if len(in) != len(out) {
		return lie("%d verdicts on %d indicators", len(in), len(out))
	}
	for i, v := range in {
		score, ttl := v.GetScore(), time.Duration(v.GetTtlNanoseconds())
		switch {
		case math.IsNaN(score) || score < 0 || score > 100:
			return lie("verdict %d has the score %v, want 0 to 100", i, score)
		case ttl < 0:
			return lie("verdict %d has the time to live %s", i, ttl)
		}
		for _, text := range []string{v.GetLabel(), v.GetSource()} {
			if len(text) > maxLabel || !utf8.ValidString(text) {
				return lie("verdict %d has a text that is no UTF-8 or longer than %d bytes: %s", i, maxLabel, printable(text, 40))
			}
		}
		out[i] = plugin.Verdict{Score: readable(score), Label: v.GetLabel(), Source: v.GetSource(), TTL: min(ttl, maxTTL)}
	}
	return nil
}

// readable is a score as people read it: of two decimals, and without a sign of zero.
func readable(score float64) float64 { return math.Abs(math.Round(score*100) / 100) }

// rowsFromProto checks an answer and puts it into out, which says how many rows there
// must be.
func rowsFromProto(in *pluginv1.Rows, out []plugin.Row) error {
	if len(in.GetRows()) != len(out) {
		return lie("%d rows for %d rows", len(in.GetRows()), len(out))
	}
	for i, row := range in.GetRows() {
		for _, value := range row.GetValue() {
			if len(value) > maxValue {
				return lie("row %d has a value of %d bytes, want at most %d", i, len(value), maxValue)
			}
		}
	}
	for _, name := range in.GetNames() {
		if len(name) == 0 || len(name) > maxField {
			return lie("a field's name has %d bytes, want 1 to %d", len(name), maxField)
		}
	}
	rows, err := wire.DecodeRows[plugin.Row](in)
	if err != nil {
		return lie("%w", err)
	}
	copy(out, rows)
	return nil
}

// lie returns an error about an answer that cannot be true.
func lie(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrAnswer, fmt.Errorf(format, args...))
}
