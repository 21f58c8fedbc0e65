package plugin

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pluginv1 "github.com/schtaskhunt/schtaskhunt/plugin/proto/v1"
)

// Every kind there is in the protocol arrives as one of ours, and each as another.
func TestIndicatorKinds(t *testing.T) {
	seen := map[IndicatorKind]bool{}
	for number := range pluginv1.Indicator_Kind_name {
		in := []*pluginv1.Indicator{{Kind: pluginv1.Indicator_Kind(number), Value: []byte("\xff")}}
		got := indicatorsFromProto(in)
		if seen[got[0].Kind] || got[0].Value != "\xff" {
			t.Errorf("kind %d becomes %+v", number, got[0])
		}
		seen[got[0].Kind] = true
	}
	want := map[IndicatorKind]bool{"": true, IP: true, Domain: true, SHA256: true, CommandLine: true}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("kinds %v, want %v", seen, want)
	}
	if got := indicatorsFromProto([]*pluginv1.Indicator{{Kind: 99}}); got[0].Kind != "" {
		t.Errorf("a kind of a later version becomes %q", got[0].Kind)
	}
}

func TestVerdictsToProto(t *testing.T) {
	got := verdictsToProto([]Verdict{{}, {Score: 1.5, Label: "l", Source: "s", TTL: time.Second}})
	if len(got) != 2 || got[0].Score != 0 || got[1].Score != 1.5 || got[1].Label != "l" || got[1].Source != "s" || got[1].TtlNanoseconds != 1e9 {
		t.Errorf("got %v", got)
	}
}

type both struct{ settings map[string]string }

func (b *both) Configure(_ context.Context, settings map[string]string) error {
	b.settings = settings
	return nil
}
func (*both) Mapping(context.Context) (Mapping, error) { return Mapping{}, errors.New("no mapping") }
func (*both) Enrich(context.Context, []Indicator) ([]Verdict, error) {
	return nil, status.Error(codes.Unavailable, "upstream")
}

func TestServerOffersWhatThereIs(t *testing.T) {
	p := &both{}
	s := newServer(Info{"both", "1"}, p)
	ctx := context.Background()
	got, err := s.Start(ctx, &pluginv1.StartRequest{})
	if err != nil || !got.Mapper || got.RowMapper || !got.Enricher || got.Name != "both" || got.Version != "1" {
		t.Errorf("got %v, %v", got, err)
	}
	if p.settings == nil {
		t.Error("Configure got a nil map")
	}
	if _, err := s.MapRows(ctx, &pluginv1.MapRowsRequest{}); status.Code(err) != codes.Unimplemented {
		t.Error(err)
	}
	// The author's errors keep their text and lose their code, with which the host
	// would take them for the connection's.
	if _, err := s.Mapping(ctx, nil); status.Code(err) != codes.Unknown || !strings.Contains(err.Error(), "no mapping") {
		t.Error(err)
	}
	if _, err := s.Enrich(ctx, nil); status.Code(err) != codes.Unknown || !strings.Contains(err.Error(), "upstream") {
		t.Error(err)
	}
}
