package plugin

import (
	"context"
	"time"
)

// Enricher gives verdicts on indicators.
type Enricher interface {
	// Enrich returns one Verdict for each of batch, in order; the zero Verdict says that
	// nothing is known. Within one hunt no indicator is asked for twice, but values come
	// from events and may be anything: empty, very long, no address at all. Such a value
	// is not an error, nothing is known of it. The batch is the plugin's to keep.
	Enrich(ctx context.Context, batch []Indicator) ([]Verdict, error)
}

// Indicator is something a process showed of itself or spoke to.
type Indicator struct {
	Kind  IndicatorKind
	Value string
}

// IndicatorKind says what the value of an Indicator is.
type IndicatorKind string

// The kinds of indicators.
const (
	IP          IndicatorKind = "ip"           // 203.0.113.7, 2001:db8::1
	Domain      IndicatorKind = "domain"       // a host name as the event has it
	SHA256      IndicatorKind = "sha256"       // 64 hex digits
	CommandLine IndicatorKind = "command_line" // of a process, as the event has it
)

// Verdict is what an Enricher knows of an Indicator. The zero Verdict is "nothing".
type Verdict struct {
	// Score says how bad it is: 0 not at all or unknown, 100 certainly malicious.
	Score float64
	// Label says what it is ("cobalt strike c2") and Source who says so, each in at most
	// 256 bytes of valid UTF-8.
	Label, Source string
	// TTL is how long the verdict may be kept; 0 leaves that to the host.
	TTL time.Duration
}
