package kql

import (
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// writer appends a row's value of one column.
type writer func(t *tables, dst []byte, r *result) []byte

// ofLevel writes from the process on a level; nothing where there is none.
func ofLevel(level int, write func(t *tables, dst []byte, p *process) []byte) writer {
	return func(t *tables, dst []byte, r *result) []byte {
		return write(t, dst, t.onLevel(r.path, level))
	}
}

// symOfLevel writes one of the texts of the process on a level.
func symOfLevel(level int, text func(*process) textRef) writer {
	return ofLevel(level, func(t *tables, dst []byte, p *process) []byte {
		return append(dst, t.texts.bytes(text(p))...)
	})
}

// detailOfLevel writes one of the texts that only all columns have.
func detailOfLevel(level int, text func(*processDetail) textRef) writer {
	return func(t *tables, dst []byte, r *result) []byte {
		return append(dst, t.texts.bytes(text(t.detail(r.path.events[level])))...)
	}
}

func writeFileName(level int) writer {
	return func(t *tables, dst []byte, r *result) []byte {
		return append(dst, t.texts.bytes(t.nameOf(r.path, level))...)
	}
}

func writeTimestamp(level int) writer {
	return ofLevel(level, func(_ *tables, dst []byte, p *process) []byte { return appendTime(dst, p.timestamp) })
}

func writeDeviceOf(level int) writer {
	return symOfLevel(level, func(p *process) textRef { return p.device })
}

func writeID(level int) writer {
	return ofLevel(level, func(_ *tables, dst []byte, p *process) []byte { return appendLong(dst, p.id) })
}

func writeCommandLine(level int) writer {
	return ofLevel(level, func(t *tables, dst []byte, p *process) []byte {
		return append(dst, t.texts.bytes(p.commandLine)...)
	})
}

func writeCreationTime(level int) writer {
	return ofLevel(level, func(_ *tables, dst []byte, p *process) []byte { return appendTime(dst, p.creationTime) })
}

func writeFolderPath(level int) writer {
	return detailOfLevel(level, func(d *processDetail) textRef { return d.folderPath })
}

func writeSHA1(level int) writer {
	return detailOfLevel(level, func(d *processDetail) textRef { return d.sha1 })
}

func writeInitiatingFileName(level int) writer {
	return symOfLevel(level, func(p *process) textRef { return p.initiatingFileName })
}

func writeInitiatingFolderPath(level int) writer {
	return detailOfLevel(level, func(d *processDetail) textRef { return d.initiatingFolderPath })
}

func writeInitiatingSHA1(level int) writer {
	return detailOfLevel(level, func(d *processDetail) textRef { return d.initiatingSHA1 })
}

func writeInitiatingID(level int) writer {
	return ofLevel(level, func(_ *tables, dst []byte, p *process) []byte { return appendLong(dst, p.initiatingID) })
}

func writeInitiatingCommandLine(level int) writer {
	return detailOfLevel(level, func(d *processDetail) textRef { return d.initiatingCommandLine })
}

func writeInitiatingCreationTime(level int) writer {
	return ofLevel(level, func(_ *tables, dst []byte, p *process) []byte {
		return appendTime(dst, p.initiatingCreationTime)
	})
}

func writePatternCount(_ *tables, dst []byte, r *result) []byte {
	return strconv.AppendInt(dst, int64(r.count), 10)
}

func writeDevice(t *tables, dst []byte, r *result) []byte { return writeDeviceOf(0)(t, dst, r) }

func writeDeviceName(t *tables, dst []byte, r *result) []byte {
	return append(dst, t.texts.bytes(t.onLevel(r.path, 0).deviceName)...)
}

func writeNodeFileName(t *tables, dst []byte, r *result) []byte {
	return append(dst, t.texts.bytes(t.nameOf(r.path, r.level))...)
}

func writeNodeCommandLine(t *tables, dst []byte, r *result) []byte {
	return append(dst, t.texts.bytes(t.onLevel(r.path, r.level).commandLine)...)
}

func writeNodeID(t *tables, dst []byte, r *result) []byte {
	return appendLong(dst, t.onLevel(r.path, r.level).id)
}

func writeNodeCreationTime(t *tables, dst []byte, r *result) []byte {
	return appendTime(dst, t.onLevel(r.path, r.level).creationTime)
}

func writeJoinKey(t *tables, dst []byte, r *result) []byte {
	return t.appendJoinKey(dst, t.keyOf(r.path, r.level))
}

// symOfConnection writes one of the texts of the connection.
func symOfConnection(text func(*connection) textRef) writer {
	return func(t *tables, dst []byte, r *result) []byte {
		return append(dst, t.texts.bytes(text(t.connections.at(r.connection)))...)
	}
}

var (
	writeRemoteURL    = symOfConnection(func(c *connection) textRef { return c.remoteURL })
	writeRemoteIP     = symOfConnection(func(c *connection) textRef { return c.remoteIP })
	writeActionType   = symOfConnection(func(c *connection) textRef { return c.actionType })
	writeRemoteIPType = symOfConnection(func(c *connection) textRef { return c.remoteIPType })
)

func writeRemotePort(t *tables, dst []byte, r *result) []byte {
	return appendLong(dst, t.connections.at(r.connection).remotePort)
}

func writeConnectionTime(t *tables, dst []byte, r *result) []byte {
	return appendTime(dst, t.connections.at(r.connection).timestamp)
}

// writeCell writes another column of DeviceNetworkEvents, as its type is written.
func writeCell(i int, kind columnType) writer {
	return func(t *tables, dst []byte, r *result) []byte {
		if t.cells.end() == 0 {
			return dst
		}
		text := t.texts.bytes(t.cells.at(r.connection)[i])
		return appendTyped(dst, text, kind)
	}
}

// appendTyped appends a value in the notation of its type; nothing for one that is
// not of the type.
func appendTyped(dst, text []byte, kind columnType) []byte {
	switch kind {
	case typeLong:
		if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
			return appendLong(dst, n)
		}
		return dst
	case typeDatetime:
		at, _ := event.ParseTime(text)
		return appendTime(dst, at)
	case typeBool:
		switch {
		case len(text) == 0:
			return dst
		case string(text) == "1" || strings.EqualFold(string(text), "true"):
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	}
	return append(dst, text...)
}
