package plugin

import (
	"time"

	pluginv1 "github.com/schtaskhunt/schtaskhunt/plugin/proto/v1"
)

// The plugin's half of the conversions. The host has the other, and what both need is
// in package wire.

var kindsFromProto = map[pluginv1.Indicator_Kind]IndicatorKind{
	pluginv1.Indicator_KIND_IP:           IP,
	pluginv1.Indicator_KIND_DOMAIN:       Domain,
	pluginv1.Indicator_KIND_SHA256:       SHA256,
	pluginv1.Indicator_KIND_COMMAND_LINE: CommandLine,
}

// indicatorsFromProto reads a batch. A kind of a later version becomes "", of which
// no plugin knows anything.
func indicatorsFromProto(in []*pluginv1.Indicator) []Indicator {
	out := make([]Indicator, len(in))
	for i, indicator := range in {
		out[i] = Indicator{Kind: kindsFromProto[indicator.GetKind()], Value: string(indicator.GetValue())}
	}
	return out
}

func verdictsToProto(verdicts []Verdict) []*pluginv1.Verdict {
	block := make([]pluginv1.Verdict, len(verdicts)) // one allocation for all
	out := make([]*pluginv1.Verdict, len(verdicts))
	for i, v := range verdicts {
		out[i] = &block[i]
		out[i].Score, out[i].Label, out[i].Source, out[i].TtlNanoseconds = v.Score, v.Label, v.Source, int64(v.TTL/time.Nanosecond)
	}
	return out
}

func mappingToProto(m Mapping) *pluginv1.MappingResponse {
	out := &pluginv1.MappingResponse{Unknown: m.Unknown}
	for _, all := range m.Gate {
		out.Gate = append(out.Gate, &pluginv1.Conditions{All: conditionsToProto(all)})
	}
	for _, t := range m.Tables {
		table := &pluginv1.Table{Name: t.Name, Kind: string(t.Kind), When: conditionsToProto(t.When), ByPlugin: t.ByPlugin}
		for _, r := range t.Rules {
			table.Rules = append(table.Rules, &pluginv1.Rule{To: r.To, From: r.From, Else: r.Else, Via: r.Via, Optional: r.Optional})
		}
		out.Tables = append(out.Tables, table)
	}
	return out
}

func conditionsToProto(conditions []Condition) []*pluginv1.Condition {
	out := make([]*pluginv1.Condition, 0, len(conditions))
	for _, c := range conditions {
		out = append(out, &pluginv1.Condition{Fields: c.Fields, Test: c.Test, Values: c.Values})
	}
	return out
}
