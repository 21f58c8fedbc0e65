package captures_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/schtaskhunt/schtaskhunt/app/trial/doors"
	"github.com/schtaskhunt/schtaskhunt/app/trial/worlds"
)

// captured is a line of a capture, as far as this test reads it by itself.
type captured struct {
	EventID           int
	Channel, Hostname string
	Computer          string
	TaskName          string
	Message           string
	ProcessID         any
	ProcessId         any
	ParentCommandLine string
}

var lastNumber = regexp.MustCompile(`(\d+)\.?\s*$`)

func (c *captured) host() string { return strings.ToLower(c.Hostname + c.Computer) }

// children counts, with nothing but host and process id, the processes of the Schedule
// service on hosts that have any event 129, and those of them that some 129 names.
func children(t *testing.T, file string) (all, named int, names map[string]string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	names, logged := map[string]string{}, map[string]bool{}
	seen := map[string]string{}
	s := bufio.NewScanner(f)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		var c captured
		if json.Unmarshal(s.Bytes(), &c) != nil {
			continue
		}
		switch {
		case c.EventID == 129 && strings.Contains(c.Channel, "TaskScheduler"):
			logged[c.host()] = true
			pid := fmt.Sprint(c.ProcessID)
			if m := lastNumber.FindStringSubmatch(c.Message); m != nil {
				pid = m[1]
			}
			names[c.host()+"|"+pid] += c.TaskName + "\n"
		case c.EventID == 1 && strings.Contains(c.Channel, "Sysmon") && strings.HasSuffix(c.ParentCommandLine, "-s Schedule"):
			seen[c.host()+"|"+fmt.Sprint(c.ProcessId)] = c.host()
		}
	}
	for key, host := range seen {
		if !logged[host] || strings.HasSuffix(key, "<nil>") {
			continue
		}
		if all++; names[key] != "" {
			named++
		}
	}
	return all, named, names
}

// The captures: every name that the hunt gives by process id is one that the log gives that
// process id on that host, and it names as many as the log can.
func TestTasksOfCaptures(t *testing.T) {
	for name, want := range map[string][2]int{ // children of the scheduler, and those that the log tells of
		"merged_theshire2020": {30, 26}, "schtask_modification": {1, 1}, "empire_run_keys_standard_user": {6, 6}, "empire_shell_rubeus_asktgt_createnetonly": {},
		"empire_dcom_shellwindows_stager": {},
	} {
		t.Run(name, func(t *testing.T) {
			file := worlds.Capture(t, "sysmon", name+".jsonl")
			all, possible, names := children(t, file)
			o := doors.HuntedFiles(t, "max_devices=0 recent=all lookback=all", file)
			given := 0
			for _, r := range o.Kind("node") {
				if r.Get("depth") != "1" || r.Get("task_edge") != "task_pid" {
					continue
				}
				given++
				if name == "schtask_modification" && r.Get("task_instance") != "{0503ac85-e5db-4e1a-8659-3dc76a5c89ca}" {
					t.Errorf("its run is %q", r.Get("task_instance"))
				}
				told := names[strings.ToLower(r.Get("device"))+"|"+r.Get("process_id")]
				if !strings.Contains(told, r.Get("task_name")+"\n") {
					t.Errorf("%s %s is named %q, the log says %q", r.Get("device"), r.Get("process_id"), r.Get("task_name"), told)
				}
			}
			t.Logf("%d children of the scheduler on hosts with its log, %d with their process id in it, %d named", all, possible, given)
			if given != possible || [2]int{all, possible} != want {
				t.Errorf("%d of %d are named, of %d; want %v", given, possible, all, want)
			}
		})
	}
}
