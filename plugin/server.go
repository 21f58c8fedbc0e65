package plugin

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/schtaskhunt/schtaskhunt/plugin/internal/wire"
	pluginv1 "github.com/schtaskhunt/schtaskhunt/plugin/proto/v1"
)

// server answers the host's calls with the author's methods. What these return goes
// out as it is: it is for the host to judge it.
type server struct {
	pluginv1.UnimplementedPluginServer
	info       Info
	configurer Configurer // these are nil where the plugin does not implement them
	mapper     Mapper
	rows       RowMapper
	enricher   Enricher
}

func newServer(info Info, p any) *server {
	s := &server{info: info}
	s.configurer, _ = p.(Configurer)
	s.mapper, _ = p.(Mapper)
	s.rows, _ = p.(RowMapper)
	s.enricher, _ = p.(Enricher)
	if info.Name == "" {
		panic("plugin.Serve: info.Name is empty")
	}
	if s.mapper == nil && s.enricher == nil {
		panic(fmt.Sprintf("plugin.Serve: %T implements neither plugin.Mapper nor plugin.Enricher", p))
	}
	return s
}

// Start hands the settings to the plugin and says what it can do.
func (s *server) Start(ctx context.Context, in *pluginv1.StartRequest) (*pluginv1.StartResponse, error) {
	settings := in.GetSettings()
	switch {
	case s.configurer != nil:
		if settings == nil {
			settings = map[string]string{}
		}
		if err := s.configurer.Configure(ctx, settings); err != nil {
			return nil, failed(err)
		}
	case len(settings) > 0:
		return nil, status.Error(codes.Unknown, "the plugin takes no settings, and its stanza has some")
	}
	return &pluginv1.StartResponse{
		Name: s.info.Name, Version: s.info.Version,
		Mapper: s.mapper != nil, RowMapper: s.rows != nil, Enricher: s.enricher != nil,
	}, nil
}

// Mapping returns the plugin's mapping.
func (s *server) Mapping(ctx context.Context, _ *pluginv1.MappingRequest) (*pluginv1.MappingResponse, error) {
	if s.mapper == nil {
		return nil, cannot("map events")
	}
	m, err := s.mapper.Mapping(ctx)
	if err != nil {
		return nil, failed(err)
	}
	return mappingToProto(m), nil
}

// MapRows has rows read by the plugin.
func (s *server) MapRows(ctx context.Context, in *pluginv1.MapRowsRequest) (*pluginv1.MapRowsResponse, error) {
	if s.rows == nil {
		return nil, cannot("map rows")
	}
	rows, err := wire.DecodeRows[Row](in.GetRows())
	if err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	if rows, err = s.rows.MapRows(ctx, in.GetTable(), rows); err != nil {
		return nil, failed(err)
	}
	return &pluginv1.MapRowsResponse{Rows: wire.EncodeRows(rows)}, nil
}

// Enrich has indicators judged by the plugin.
func (s *server) Enrich(ctx context.Context, in *pluginv1.EnrichRequest) (*pluginv1.EnrichResponse, error) {
	if s.enricher == nil {
		return nil, cannot("enrich")
	}
	verdicts, err := s.enricher.Enrich(ctx, indicatorsFromProto(in.GetIndicators()))
	if err != nil {
		return nil, failed(err)
	}
	return &pluginv1.EnrichResponse{Verdicts: verdictsToProto(verdicts)}, nil
}

// failed carries an author's error to the host, which shows its text. Without it gRPC
// would read a code into errors that happen to be its own.
func failed(err error) error { return status.Error(codes.Unknown, err.Error()) }

func cannot(do string) error { return status.Error(codes.Unimplemented, "the plugin does not "+do) }
