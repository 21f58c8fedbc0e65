package doors

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/engine"
	"github.com/schtaskhunt/schtaskhunt/app/plugins"
	"github.com/schtaskhunt/schtaskhunt/app/schema"
	"github.com/schtaskhunt/schtaskhunt/plugin"
	"github.com/schtaskhunt/schtaskhunt/plugin/falcon"
	"github.com/schtaskhunt/schtaskhunt/plugin/host"
	"github.com/schtaskhunt/schtaskhunt/plugin/indicator"
)

// inside runs a plugin's code in this process: what a hunt makes of plugins is tried
// with it, and how they are started with real ones, in the tests of the program.
type inside struct{ code any }

func (p inside) Info() plugin.Info { return plugin.Info{Name: "inside"} }

func (p inside) Close() error { return nil }

func (p inside) Mapping(ctx context.Context) (plugin.Mapping, error) {
	return p.code.(plugin.Mapper).Mapping(ctx)
}

func (p inside) MapRows(ctx context.Context, table string, rows []plugin.Row) ([]plugin.Row, error) {
	return p.code.(plugin.RowMapper).MapRows(ctx, table, rows)
}

func (p inside) Enrich(ctx context.Context, batch []plugin.Indicator) ([]plugin.Verdict, error) {
	return p.code.(plugin.Enricher).Enrich(ctx, batch)
}

// codes are the plugins that may be named in tests. Those of lists read the file.
func codes(list string) map[string]func() (any, error) {
	return map[string]func() (any, error){
		"falcon": func() (any, error) { return falcon.Mapper{}, nil },
		"rows":   func() (any, error) { return rowFalcon{}, nil },
		"liar":   func() (any, error) { return Liar{}, nil },
		"second": func() (any, error) { return Liar{}, nil },
		"gone":   func() (any, error) { return nil, errors.New("plugin gone: it ended before the handshake") },
		"lists": func() (any, error) {
			e := &indicator.Enricher{Log: io.Discard}
			return e, e.Configure(context.Background(), map[string]string{"files": list})
		},
		"broken": func() (any, error) { return brokenEnricher{}, nil },
	}
}

type brokenEnricher struct{}

func (brokenEnricher) Enrich(context.Context, []plugin.Indicator) ([]plugin.Verdict, error) {
	return nil, errors.New("plugin broken: the feed is away")
}

// findInside finds plugins that run in this process.
func findInside(list string) engine.FindPlugins {
	all := codes(list)
	in := plugins.Installed{Start: func(name string, _ func(string)) (plugins.Running, error) {
		code, err := all[name]()
		return inside{code}, err
	}}
	for name, kind := range map[string]host.Kind{
		"falcon": host.KindMapper, "rows": host.KindMapper, "liar": host.KindMapper, "second": host.KindMapper, "gone": host.KindMapper, "lists": host.KindEnricher, "broken": host.KindEnricher,
	} {
		in.Conf.Entries = append(in.Conf.Entries, host.Entry{Name: name, Kind: kind})
	}
	return func() (plugins.Installed, error) { return in, nil }
}

// allSchemas are those of every sensor that tests have events of.
func allSchemas(t testing.TB) *schema.Set {
	t.Helper()
	opened, err := engine.OpenPlugins(Parse(t, "mapper=falcon"), findInside(""))
	if err != nil {
		t.Fatal(err)
	}
	opened.Close()
	return opened.Schemas()
}

// rowFalcon reads the same events as the Falcon mapper, but row by row: what data can
// express, code can.
type rowFalcon struct{ falcon.Mapper }

func (r rowFalcon) Mapping(ctx context.Context) (plugin.Mapping, error) {
	m, err := r.Mapper.Mapping(ctx)
	for i := range m.Tables {
		m.Tables[i].ByPlugin = true
	}
	return m, err
}

// MapRows gives canonical fields in the notation of their own names.
func (r rowFalcon) MapRows(_ context.Context, table string, rows []plugin.Row) ([]plugin.Row, error) {
	out := make([]plugin.Row, len(rows))
	for i, in := range rows {
		to := plugin.Row{"device": in["aid"], "device_name": in["ComputerName"], "time": in["ContextTimeStamp"], "record": in["id"]}
		switch table {
		case "process start":
			to["time"] = in["ProcessStartTime"]
			to["process_uid"], to["process_id"], to["process_created"] = in["TargetProcessId"], in["RawProcessId"], in["ProcessStartTime"]
			to["process_path"], to["process_command"], to["hash"], to["user"] = in["ImageFileName"], in["CommandLine"], in["SHA256HashData"], in["UserSid"]
			to["parent_uid"], to["parent_name"] = in["ParentProcessId"], in["ParentBaseFileName"]
		case "process end":
			to["process_uid"], to["process_id"], to["process_created"] = in["TargetProcessId"], in["RawProcessId"], in["ProcessStartTime"]
		case "name lookup":
			to["process_uid"], to["process_name"], to["query"] = in["ContextProcessId"], in["ContextBaseFileName"], in["DomainName"]
			to["answers"] = in["IP4Records"] + in["IP6Records"]
		case "connection":
			to["process_uid"], to["process_name"], to["action"] = in["ContextProcessId"], in["ContextBaseFileName"], in["event_simpleName"]
			to["direction"] = map[string]string{"0": "outbound", "1": "inbound"}[in["ConnectionDirection"]]
			to["transport"] = map[string]string{"6": "tcp", "17": "udp"}[in["Protocol"]]
			to["remote_ip"], to["remote_port"] = in["RemoteAddressIP4"]+in["RemoteAddressIP6"], in["RemotePort"]
			to["local_ip"], to["local_port"] = in["LocalAddressIP4"]+in["LocalAddressIP6"], in["LocalPort"]
		}
		out[i] = to
	}
	return out, nil
}
