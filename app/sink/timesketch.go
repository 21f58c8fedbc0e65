package sink

import (
	"cmp"
	"fmt"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/chunked"
	"github.com/schtaskhunt/schtaskhunt/app/row"
)

// sketchColumns are what a row keeps beside the three that Timesketch needs.
var sketchColumns = []string{
	"device", "user", "process_name", "process", "process_id", "path", "tree_id", "task_name", "finding_id", "score",
	"remote_ip", "remote_port", "remote_host", "connection_count",
}

// TimesketchColumns are all columns of a CSV for Timesketch, in order.
var TimesketchColumns = append([]string{"message", "datetime", "timestamp_desc"}, sketchColumns...)

// writeTimesketch writes a CSV for Timesketch's time lines: message, datetime and
// timestamp_desc, as its documentation asks for, and columns to filter by.
func writeTimesketch(j *job) error {
	encoder := chunked.NewEncoder(TimesketchColumns)
	write := func(r row.Row, message, epoch, what string) error {
		if epoch == "" {
			return nil // of an unknown time: no line of time can show it
		}
		values := []string{message, isoOf(epoch, time.UTC), what}
		for _, column := range sketchColumns {
			values = append(values, r.Get(column))
		}
		if j.Safe {
			for i := range values {
				values[i] = safe(values[i])
			}
		}
		return encoder.Row(values...)
	}
	for _, r := range j.rows {
		if err := sketch(r, write); err != nil {
			return err
		}
	}
	_, err := j.out.Write(encoder.Bytes())
	return err
}

// sketch writes the moments of a row: a process began, contacts began and ended.
func sketch(r row.Row, write func(r row.Row, message, epoch, what string) error) error {
	name := cmp.Or(r.Get("process_name"), "(unknown)")
	switch r.Kind {
	case row.Connections:
		message := fmt.Sprintf("%s to %s (%sx)", name, row.Remote(r), cmp.Or(r.Get("connection_count"), "1"))
		first, last := r.Get("first_seen"), r.Get("last_seen")
		if err := write(r, message, first, "First Contact"); err != nil || first == last {
			return err
		}
		return write(r, message, last, "Last Contact")
	case row.Causes:
		what := "Cause Installed"
		if r.Get("cause") == row.CauseInjection {
			what = "Injection"
		}
		return write(r, name+" "+row.CauseText(r), r.Get("_time"), what)
	case row.Findings:
		message := fmt.Sprintf("%s: %s bits", cmp.Or(r.Get("task_name"), r.Get("root_process")), cmp.Or(r.Get("score"), "?"))
		if err := write(r, message, r.Get("first_seen"), "Finding First Seen"); err != nil {
			return err
		}
		return write(r, message, r.Get("last_seen"), "Finding Last Seen")
	}
	return write(r, fmt.Sprintf("%s started: %s", name, cmp.Or(r.Get("process"), r.Get("root_process"))), r.Get("_time"), "Process Start")
}
