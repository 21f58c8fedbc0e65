package write

import (
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/kql/keep"
)

// writer appends a row's value of one column.
type writer func(t *keep.Tables, dst []byte, r *Row) []byte

// ofLevel writes from the process on a level; nothing where there is none.
func ofLevel(level int, write func(t *keep.Tables, dst []byte, p *keep.Process) []byte) writer {
	return func(t *keep.Tables, dst []byte, r *Row) []byte {
		return write(t, dst, t.OnLevel(r.Path, level))
	}
}

// symOfLevel writes one of the texts of the process on a level.
func symOfLevel(level int, text func(*keep.Process) keep.TextRef) writer {
	return ofLevel(level, func(t *keep.Tables, dst []byte, p *keep.Process) []byte {
		return append(dst, t.Texts.Bytes(text(p))...)
	})
}

// detailOfLevel writes one of the texts that only all columns have.
func detailOfLevel(level int, text func(*keep.ProcessDetail) keep.TextRef) writer {
	return func(t *keep.Tables, dst []byte, r *Row) []byte {
		return append(dst, t.Texts.Bytes(text(t.Detail(r.Path.Events[level])))...)
	}
}

func writeFileName(level int) writer {
	return func(t *keep.Tables, dst []byte, r *Row) []byte {
		return append(dst, t.Texts.Bytes(t.NameOf(r.Path, level))...)
	}
}

func writeTimestamp(level int) writer {
	return ofLevel(level, func(_ *keep.Tables, dst []byte, p *keep.Process) []byte { return keep.AppendTime(dst, p.Timestamp) })
}

func writeDeviceOf(level int) writer {
	return symOfLevel(level, func(p *keep.Process) keep.TextRef { return p.Device })
}

func writeID(level int) writer {
	return ofLevel(level, func(_ *keep.Tables, dst []byte, p *keep.Process) []byte { return keep.AppendLong(dst, p.ID) })
}

func writeCommandLine(level int) writer {
	return ofLevel(level, func(t *keep.Tables, dst []byte, p *keep.Process) []byte {
		return append(dst, t.Texts.Bytes(p.CommandLine)...)
	})
}

func writeCreationTime(level int) writer {
	return ofLevel(level, func(_ *keep.Tables, dst []byte, p *keep.Process) []byte { return keep.AppendTime(dst, p.CreationTime) })
}

func writeFolderPath(level int) writer {
	return detailOfLevel(level, func(d *keep.ProcessDetail) keep.TextRef { return d.FolderPath })
}

func writeSHA1(level int) writer {
	return detailOfLevel(level, func(d *keep.ProcessDetail) keep.TextRef { return d.SHA1 })
}

func writeInitiatingFileName(level int) writer {
	return symOfLevel(level, func(p *keep.Process) keep.TextRef { return p.InitiatingFileName })
}

func writeInitiatingFolderPath(level int) writer {
	return detailOfLevel(level, func(d *keep.ProcessDetail) keep.TextRef { return d.InitiatingFolderPath })
}

func writeInitiatingSHA1(level int) writer {
	return detailOfLevel(level, func(d *keep.ProcessDetail) keep.TextRef { return d.InitiatingSHA1 })
}

func writeInitiatingID(level int) writer {
	return ofLevel(level, func(_ *keep.Tables, dst []byte, p *keep.Process) []byte { return keep.AppendLong(dst, p.InitiatingID) })
}

func writeInitiatingCommandLine(level int) writer {
	return detailOfLevel(level, func(d *keep.ProcessDetail) keep.TextRef { return d.InitiatingCommandLine })
}

func writeInitiatingCreationTime(level int) writer {
	return ofLevel(level, func(_ *keep.Tables, dst []byte, p *keep.Process) []byte {
		return keep.AppendTime(dst, p.InitiatingCreationTime)
	})
}

func writePatternCount(_ *keep.Tables, dst []byte, r *Row) []byte {
	return strconv.AppendInt(dst, int64(r.Count), 10)
}

func writeDevice(t *keep.Tables, dst []byte, r *Row) []byte { return writeDeviceOf(0)(t, dst, r) }

func writeDeviceName(t *keep.Tables, dst []byte, r *Row) []byte {
	return append(dst, t.Texts.Bytes(t.OnLevel(r.Path, 0).DeviceName)...)
}

func writeNodeFileName(t *keep.Tables, dst []byte, r *Row) []byte {
	return append(dst, t.Texts.Bytes(t.NameOf(r.Path, r.Level))...)
}

func writeNodeCommandLine(t *keep.Tables, dst []byte, r *Row) []byte {
	return append(dst, t.Texts.Bytes(t.OnLevel(r.Path, r.Level).CommandLine)...)
}

func writeNodeID(t *keep.Tables, dst []byte, r *Row) []byte {
	return keep.AppendLong(dst, t.OnLevel(r.Path, r.Level).ID)
}

func writeNodeCreationTime(t *keep.Tables, dst []byte, r *Row) []byte {
	return keep.AppendTime(dst, t.OnLevel(r.Path, r.Level).CreationTime)
}

func writeJoinKey(t *keep.Tables, dst []byte, r *Row) []byte {
	return t.AppendJoinKey(dst, t.KeyOf(r.Path, r.Level))
}

// symOfConnection writes one of the texts of the connection.
func symOfConnection(text func(*keep.Connection) keep.TextRef) writer {
	return func(t *keep.Tables, dst []byte, r *Row) []byte {
		return append(dst, t.Texts.Bytes(text(t.Connections.At(r.Connection)))...)
	}
}

var (
	writeRemoteURL    = symOfConnection(func(c *keep.Connection) keep.TextRef { return c.RemoteURL })
	writeRemoteIP     = symOfConnection(func(c *keep.Connection) keep.TextRef { return c.RemoteIP })
	writeActionType   = symOfConnection(func(c *keep.Connection) keep.TextRef { return c.ActionType })
	writeRemoteIPType = symOfConnection(func(c *keep.Connection) keep.TextRef { return c.RemoteIPType })
)

func writeRemotePort(t *keep.Tables, dst []byte, r *Row) []byte {
	return keep.AppendLong(dst, t.Connections.At(r.Connection).RemotePort)
}

func writeConnectionTime(t *keep.Tables, dst []byte, r *Row) []byte {
	return keep.AppendTime(dst, t.Connections.At(r.Connection).Timestamp)
}

// writeCell writes another column of DeviceNetworkEvents, as its type is written.
func writeCell(i int, kind keep.ColumnType) writer {
	return func(t *keep.Tables, dst []byte, r *Row) []byte {
		if t.Cells.End() == 0 {
			return dst
		}
		text := t.Texts.Bytes(t.Cells.At(r.Connection)[i])
		return appendTyped(dst, text, kind)
	}
}

// appendTyped appends a value in the notation of its type; nothing for one that is
// not of the type.
func appendTyped(dst, text []byte, kind keep.ColumnType) []byte {
	switch kind {
	case keep.TypeLong:
		if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
			return keep.AppendLong(dst, n)
		}
		return dst
	case keep.TypeDatetime:
		at, _ := event.ParseTime(text)
		return keep.AppendTime(dst, at)
	case keep.TypeBool:
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
