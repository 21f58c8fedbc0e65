package host

import (
	"context"
	"errors"
	"fmt"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/internal/wire"
	pluginv1 "github.com/schtaskhunt/schtaskhunt/plugin/proto/v1"
)

// maxPart is what the values of one message may have together, in bytes. Larger
// batches go out in parts.
const maxPart = 16 << 20

// greet hands the plugin its settings and learns who it is.
func (p *Plugin) greet(ctx context.Context) error {
	answer, err := p.calls.Start(ctx, &pluginv1.StartRequest{Settings: p.entry.Settings}, greetingBounds.options()...)
	if err != nil {
		if expired(ctx) {
			return fmt.Errorf("%w: it did not start within %s", ErrTimeout, p.entry.StartTimeout)
		}
		return p.judge("taking in its settings", err)
	}
	if p.info, err = checkInfo(answer); err != nil {
		return err
	}
	if p.entry.Kind == KindEnricher && !answer.GetEnricher() || p.entry.Kind == KindMapper && !answer.GetMapper() {
		return fmt.Errorf("schtaskhunt_plugins.conf says that it is a plugin of kind %s, and it is none", p.entry.Kind)
	}
	return nil
}

// Mapping returns the plugin's mapping, which is the caller's. Its canonical fields
// and transforms are for the caller to check.
func (p *Plugin) Mapping(ctx context.Context) (m plugin.Mapping, err error) {
	err = p.call(ctx, "getting its mapping", func(ctx context.Context) error {
		answer, err := p.calls.Mapping(ctx, &pluginv1.MappingRequest{}, mappingBounds.options()...)
		if err != nil {
			return err
		}
		m = mappingFromProto(answer)
		return checkMapping(m)
	})
	if err != nil {
		return plugin.Mapping{}, err
	}
	return m, nil
}

// MapRows has rows of a table read by the plugin. It returns one row for each, in
// order, and nil for those in which there is no event, or that have more than 16 MB.
// It keeps nothing of rows; the answer is the caller's.
func (p *Plugin) MapRows(ctx context.Context, table string, rows []plugin.Row) (out []plugin.Row, err error) {
	out = make([]plugin.Row, len(rows))
	size := func(i int) int { return rowSize(rows[i]) }
	err = p.call(ctx, fmt.Sprintf("mapping %d rows", len(rows)), func(ctx context.Context) error {
		return eachPart(len(rows), size, maxPart, func(from, to int) error {
			answer, err := p.calls.MapRows(ctx, &pluginv1.MapRowsRequest{Table: table, Rows: wire.EncodeRows(rows[from:to])}, boundsOfRows(to-from).options()...)
			if err != nil {
				return err
			}
			return rowsFromProto(answer.GetRows(), out[from:to])
		})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Enrich has indicators judged by the plugin. It returns one verdict for each, in
// order; the zero verdict says that nothing is known, as of all that have more than
// 16 MB. It keeps nothing of batch; the answer is the caller's.
func (p *Plugin) Enrich(ctx context.Context, batch []plugin.Indicator) (out []plugin.Verdict, err error) {
	out = make([]plugin.Verdict, len(batch))
	size := func(i int) int { return len(batch[i].Value) }
	err = p.call(ctx, fmt.Sprintf("judging %d indicators", len(batch)), func(ctx context.Context) error {
		return eachPart(len(batch), size, maxPart, func(from, to int) error {
			answer, err := p.calls.Enrich(ctx, &pluginv1.EnrichRequest{Indicators: indicatorsToProto(batch[from:to])}, boundsOfVerdicts(to-from).options()...)
			if err != nil {
				return err
			}
			return verdictsFromProto(answer.GetVerdicts(), out[from:to])
		})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// eachPart calls fn for parts of n items that have limit bytes at most, in order. What
// is larger by itself is left out. Of no items there is one empty part.
func eachPart(n int, size func(i int) int, limit int, fn func(from, to int) error) error {
	from, sum := 0, 0
	for i := range n {
		s := size(i)
		if sum+s > limit {
			if from < i {
				if err := fn(from, i); err != nil {
					return err
				}
			}
			from, sum = i, 0
		}
		if s > limit {
			from = i + 1
			continue
		}
		sum += s
	}
	if from < n || n == 0 {
		return fn(from, n)
	}
	return nil
}

func rowSize(row plugin.Row) (n int) {
	for name, value := range row {
		n += len(name) + len(value)
	}
	return n
}

// service is what go-plugin wants to reach a server.
type service struct {
	goplugin.NetRPCUnsupportedPlugin
}

// GRPCClient returns the calls.
func (service) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return pluginv1.NewPluginClient(c), nil
}

// GRPCServer is the plugin's half, of which a host has no use.
func (service) GRPCServer(*goplugin.GRPCBroker, *grpc.Server) error {
	return errors.New("a host is no plugin")
}
