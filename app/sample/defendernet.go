package sample

import (
	"encoding/json"
	"net/netip"
)

func networkRow(o *object, e *Event) {
	r := &e.Remote
	o.text("ActionType", e.action())
	o.text("RemoteIP", r.Peer.Addr().String())
	o.number("RemotePort", uint64(r.Peer.Port()))
	o.text("RemoteUrl", r.URL)
	o.text("RemoteIPType", addressClass(r.Peer.Addr()))
	o.text("LocalIP", r.Local.Addr().String())
	o.number("LocalPort", uint64(r.Local.Port()))
	o.text("LocalIPType", addressClass(r.Local.Addr()))
	if r.UDP {
		o.text("Protocol", "Udp")
	} else {
		o.text("Protocol", "Tcp")
	}
	initiator(o, e.Process)
	o.null("AdditionalFields")
}

// action is Defender's ActionType of a connection.
func (e *Event) action() string {
	switch {
	case e.Remote.Inbound:
		return "InboundConnectionAccepted"
	case e.Remote.Failed:
		return "ConnectionFailed"
	}
	return "ConnectionSuccess"
}

// addressClass is Defender's RemoteIPType; for multicast the sensor says nothing.
func addressClass(a netip.Addr) string {
	switch {
	case a.IsLoopback():
		return "Loopback"
	case a.IsMulticast():
		return ""
	case isPublic(a):
		return "Public"
	}
	return "Private"
}

// lookupRow writes a DnsQueryResponse: Defender names the DNS client service as
// the one that did it, and the process that asked stands in AdditionalFields, by
// name and PID only.
func lookupRow(o *object, e *Event) {
	o.text("ActionType", "DnsQueryResponse")
	if e.Resolver != nil {
		initiator(o, e.Resolver)
	}
	answer := dnsAnswer{Query: e.Remote.Query, Results: []string{}, Client: e.Process.Name(), ClientID: number(e.Process.PID)}
	for _, a := range e.Remote.Addresses {
		answer.Results = append(answer.Results, `{"DnsQueryType":"`+recordType(a)+`","Result":"`+a.String()+`"}`)
	}
	text, _ := json.Marshal(answer) // strings only: cannot fail
	o.text("AdditionalFields", string(text))
}

type dnsAnswer struct {
	Query    string   `json:"DnsQueryString"`
	Results  []string `json:"DnsQueryResult"`
	Client   string   `json:"ClientProcessName"`
	ClientID string   `json:"ClientProcessId"`
}

func recordType(a netip.Addr) string {
	if a.Is4() {
		return "A"
	}
	return "AAAA"
}
