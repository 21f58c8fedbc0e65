package wire

import (
	"fmt"

	pluginv1 "github.com/schtaskhunt/schtaskhunt/plugin/proto/v1"
)

// EncodeRows returns rows as a message, which shares no memory with them. A nil row
// is one without an event.
func EncodeRows[R ~map[string]string](rows []R) *pluginv1.Rows {
	out := &pluginv1.Rows{Rows: make([]*pluginv1.Row, len(rows))}
	index := map[string]uint32{}
	for i, row := range rows {
		r := &pluginv1.Row{None: row == nil, Name: make([]uint32, 0, len(row)), Value: make([][]byte, 0, len(row))}
		for name, value := range row {
			n, known := index[name]
			if !known {
				n = uint32(len(index))
				index[name] = n
				out.Names = append(out.Names, []byte(name))
			}
			r.Name, r.Value = append(r.Name, n), append(r.Value, []byte(value))
		}
		out.Rows[i] = r
	}
	return out
}

// DecodeRows is the inverse of EncodeRows. A name that is told twice in a row, or in
// the list of names, has the last value. Indexes that lead nowhere are an error.
func DecodeRows[R ~map[string]string](in *pluginv1.Rows) ([]R, error) {
	names := make([]string, len(in.GetNames()))
	for i, name := range in.GetNames() {
		names[i] = string(name)
	}
	rows := make([]R, len(in.GetRows()))
	for i, r := range in.GetRows() {
		if r.GetNone() {
			continue
		}
		if len(r.GetName()) != len(r.GetValue()) {
			return nil, fmt.Errorf("row %d has %d names and %d values", i, len(r.GetName()), len(r.GetValue()))
		}
		rows[i] = make(R, len(r.GetName()))
		for j, n := range r.GetName() {
			if int64(n) >= int64(len(names)) {
				return nil, fmt.Errorf("row %d names field %d of %d", i, n, len(names))
			}
			rows[i][names[n]] = string(r.GetValue()[j])
		}
	}
	return rows, nil
}
