package kql

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// connection is a row of DeviceNetworkEvents, or a Sysmon event 3: what 27 columns
// need of it. Its process is the initiating one.
type connection struct {
	timestamp    event.Time
	creationTime event.Time
	id           int64
	remotePort   int64
	device       event.Sym
	fileName     event.Sym
	actionType   event.Sym
	remoteIP     event.Sym
	remoteURL    event.Sym
	remoteIPType event.Sym
	guid         event.Sym // Sysmon only
}

// connectionCells are all columns of a connection, as networkColumns has them.
type connectionCells [len(networkColumns)]event.Sym

// addDefenderConnection adds a row of DeviceNetworkEvents.
func (q *Query) addDefenderConnection(c *cells, s *networkSlots) error {
	timestamp, err := c.timestamp(s.timestamp)
	if err != nil || !q.window.sees(timestamp) {
		return err
	}
	action, ip, url, ipType := c.text(s.actionType), c.text(s.remoteIP), c.text(s.remoteURL), c.text(s.remoteIPType)
	if q.leftOut(action, ip, url, ipType) {
		return nil
	}
	q.defender.connections.add(connection{
		timestamp:    timestamp,
		creationTime: c.time(s.initiatingCreationTime),
		id:           c.long(s.initiatingID),
		remotePort:   c.long(s.remotePort),
		device:       q.intern(c.text(s.deviceID)),
		fileName:     q.intern(c.text(s.initiatingFileName)),
		actionType:   q.intern(action),
		remoteIP:     q.intern(ip),
		remoteURL:    q.intern(url),
		remoteIPType: q.intern(ipType),
	})
	if q.options.AllColumns {
		var row connectionCells
		for i, slot := range s.all {
			row[i] = q.intern(c.text(slot))
		}
		q.defender.cells.add(row)
	}
	return nil
}

// leftOut is what stands at the end of the query:
//
//	| where RemoteIP !in ("::1","127.0.0.1","::ffff:127.0.0.1") and RemoteIPType <> "Private"
//	| where not(RemoteUrl has_any("corel.com","ocsp.digicert.com","avast.com"))
//	| where ActionType != "ListeningConnectionCreated"
//
// These conditions ask for the connection alone, so that they may come before the
// join as well as after it. An empty text passes all of them.
func (q *Query) leftOut(action, ip, url, ipType []byte) bool {
	return slices.Contains(q.options.Loopbacks, string(ip)) || string(ipType) == "Private" ||
		q.urls.any(url) || string(action) == "ListeningConnectionCreated"
}
