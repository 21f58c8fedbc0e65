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
	device       textRef
	fileName     textRef
	actionType   textRef
	remoteIP     textRef
	remoteURL    textRef
	remoteIPType textRef
	guid         textRef // Sysmon only
}

// connectionCells are all columns of a connection, as networkColumns has them.
type connectionCells [len(networkColumns)]textRef

// addDefenderConnection adds a row of DeviceNetworkEvents.
func (l *Lane) addDefenderConnection(c *cells, s *networkSlots) error {
	timestamp, err := c.timestamp(s.timestamp)
	if err != nil {
		return err
	}
	if seen, err := l.sees(timestamp); !seen || err != nil {
		return err
	}
	action, ip, url, ipType := c.text(s.actionType), c.text(s.remoteIP), c.text(s.remoteURL), c.text(s.remoteIPType)
	if l.leftOut(action, ip, url, ipType) {
		return nil
	}
	n := l.defender.connections.next()
	n.timestamp, n.creationTime = timestamp, c.time(s.initiatingCreationTime)
	n.id, n.remotePort = c.long(s.initiatingID), c.long(s.remotePort)
	n.device, n.fileName = l.name(c.text(s.deviceID)), l.name(c.text(s.initiatingFileName))
	n.actionType, n.remoteIPType = l.name(action), l.name(ipType)
	n.remoteIP, n.remoteURL = l.text(ip), l.text(url)
	k := n.processKey(false)
	l.defender.owners.add(k.owner(0, false))
	if l.options.AllColumns {
		row := l.defender.cells.next()
		for i, slot := range s.all {
			row[i] = l.text(c.text(slot))
		}
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
func (l *Lane) leftOut(action, ip, url, ipType []byte) bool {
	return string(ipType) == "Private" || string(action) == "ListeningConnectionCreated" ||
		slices.Contains(l.options.Loopbacks, string(ip)) || l.urls.any(url)
}
