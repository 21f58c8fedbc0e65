package schema

import (
	"bytes"
	"math"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// draft is an event while its fields are read. Endpoints are kept apart until the
// direction is known.
type draft struct {
	symbols *event.Symbols

	source      event.Source
	self        event.Ref
	parent      event.Ref
	grandparent event.Ref
	user        event.Sym
	domain      event.Sym
	hash        event.Sym
	stamp       event.Time

	from, to      endpoint // source and destination, where events tell the sides so
	local, remote endpoint // where they tell them so
	initiated     tristate
	listening     bool
	direction     event.Direction
	url           event.Sym
	transport     event.Sym
	action        event.Sym
	query         event.Sym
	answers       event.Sym
	weight        uint32

	task                   event.Task         // without its source and user
	installed              event.Installation // likewise
	logon                  event.Logon        // likewise
	injection              event.Injection    // likewise, and without its processes
	logonType              uint64
	logonHere, logonNobody bool   // the logon came from the machine itself, and is of no account
	sessions               bool   // those of processes are asked for
	session                uint64 // that the process runs in

	order    event.DateOrder
	doubt    event.Doubt // of the time last read
	badTime  bool        // the value last read should be a time and is none
	zoneless bool        // source.Time was written without a zone
	unsure   event.Unsure
	misfits  int // see misfit
}

// endpoint is one side of a connection.
type endpoint struct {
	addr event.Address
	port uint16
	host event.Sym
}

type tristate uint8

const (
	unknown tristate = iota
	yes
	no
)

// setter reads a value into a draft. It reports false when the value says nothing,
// so that the rule's next field is tried. value is valid during the call only.
type setter func(d *draft, value []byte) bool

// setters holds, for every canonical field, its transforms by name; the one that
// bears the field's own name is the default.
var setters = map[string]map[string]setter{
	"device":      {"device": setDevice},
	"device_name": {"device_name": func(d *draft, v []byte) bool { return setSym(d, &d.source.DeviceName, event.HostName(v)) }},
	"time": {
		"time":     func(d *draft, v []byte) bool { return d.readTime(event.UnsureTime, &d.source.Time, v) },
		"epoch_ms": func(d *draft, v []byte) bool { return setEpochMilliseconds(&d.source.Time, v) },
	},
	"record":      {"record": setRecord},
	"audit":       {"audit": func(d *draft, _ []byte) bool { d.source.Audit = true; return true }},
	"stamp":       {"stamp": func(d *draft, v []byte) bool { return d.readTime(event.UnsureStamp, &d.stamp, v) }},
	"user":        {"user": setUser},
	"user_domain": {"user_domain": func(d *draft, v []byte) bool { return setSym(d, &d.domain, v) }},
	"hash":        {"hash": setHash},

	"process_guid":    {"process_guid": func(d *draft, v []byte) bool { return setGUID(d, &d.self, v) }},
	"process_uid":     {"process_uid": func(d *draft, v []byte) bool { return setUID(d, &d.self, v) }},
	"process_id":      {"process_id": func(d *draft, v []byte) bool { return setPID(&d.self.PID, v) }},
	"process_created": {"process_created": func(d *draft, v []byte) bool { return d.readTime(event.UnsureCreated, &d.self.Created, v) }},
	"process_name":    {"process_name": func(d *draft, v []byte) bool { return setName(d, &d.self, v) }},
	"process_path":    {"process_path": func(d *draft, v []byte) bool { return setPath(d, &d.self, v) }},
	"process_command": {
		"process_command": func(d *draft, v []byte) bool { return setSym(d, &d.self.Command, v) },
		"arguments":       func(d *draft, v []byte) bool { return setArguments(d, &d.self.Command, v) },
	},

	"process_session": {"process_session": func(d *draft, v []byte) bool { return setSession(&d.session, v) }},

	"parent_guid":    {"parent_guid": func(d *draft, v []byte) bool { return setGUID(d, &d.parent, v) }},
	"parent_uid":     {"parent_uid": func(d *draft, v []byte) bool { return setUID(d, &d.parent, v) }},
	"parent_id":      {"parent_id": func(d *draft, v []byte) bool { return setPID(&d.parent.PID, v) }},
	"parent_created": {"parent_created": func(d *draft, v []byte) bool { return d.readTime(event.UnsureParent, &d.parent.Created, v) }},
	"parent_name":    {"parent_name": func(d *draft, v []byte) bool { return setName(d, &d.parent, v) }},
	"parent_path":    {"parent_path": func(d *draft, v []byte) bool { return setPath(d, &d.parent, v) }},
	"parent_command": {
		"parent_command": func(d *draft, v []byte) bool { return setSym(d, &d.parent.Command, v) },
		"arguments":      func(d *draft, v []byte) bool { return setArguments(d, &d.parent.Command, v) },
	},

	"grandparent_id":      {"grandparent_id": func(d *draft, v []byte) bool { return setPID(&d.grandparent.PID, v) }},
	"grandparent_created": {"grandparent_created": func(d *draft, v []byte) bool { return d.readTime(event.UnsureGrandparent, &d.grandparent.Created, v) }},
	"grandparent_name":    {"grandparent_name": func(d *draft, v []byte) bool { return setName(d, &d.grandparent, v) }},

	"source_ip":        {"source_ip": func(d *draft, v []byte) bool { return setAddress(d, &d.from, v) }},
	"source_port":      {"source_port": func(d *draft, v []byte) bool { return setPort(&d.from, v) }},
	"source_host":      {"source_host": func(d *draft, v []byte) bool { return setSym(d, &d.from.host, v) }},
	"destination_ip":   {"destination_ip": func(d *draft, v []byte) bool { return setAddress(d, &d.to, v) }},
	"destination_port": {"destination_port": func(d *draft, v []byte) bool { return setPort(&d.to, v) }},
	"destination_host": {"destination_host": func(d *draft, v []byte) bool { return setSym(d, &d.to.host, v) }},
	"local_ip":         {"local_ip": func(d *draft, v []byte) bool { return setAddress(d, &d.local, v) }},
	"local_port":       {"local_port": func(d *draft, v []byte) bool { return setPort(&d.local, v) }},
	"remote_ip":        {"remote_ip": func(d *draft, v []byte) bool { return setAddress(d, &d.remote, v) }},
	"remote_port":      {"remote_port": func(d *draft, v []byte) bool { return setPort(&d.remote, v) }},
	"initiated":        {"initiated": setInitiated},
	"direction": {
		"direction": setDirection, "action_direction": setActionDirection, "state_direction": setStateDirection,
		"event_direction": setEventDirection, "filter_direction": setFilterDirection, "direction_number": setDirectionNumber, "ecs_direction": setECSDirection,
	},
	"url":       {"url": setURL, "remote_url": setRemoteURL},
	"transport": {"transport": setTransport, "protocol_number": setProtocolNumber},
	"action":    {"action": func(d *draft, v []byte) bool { return setSym(d, &d.action, v) }},
	"weight":    {"weight": setWeight, "defender_aggregate": setDefenderAggregate},
	"query":     {"query": func(d *draft, v []byte) bool { return setSym(d, &d.query, v) }, "defender_lookup": setDefenderLookup},
	"answers":   {"answers": func(d *draft, v []byte) bool { return setSym(d, &d.answers, v) }, "more_answers": addAnswers, "list": setList},

	"task_act":            {"task_act": setAct, "defender_act": setDefenderAct},
	"task_audit":          {"task_audit": setAudit},
	"task_name":           {"task_name": setTaskName, "defender_task": setDefenderTask},
	"task_pid":            {"task_pid": setTaskPID, viaEngine: setEngine},
	"task_writer":         {"task_writer": func(d *draft, v []byte) bool { return setPID(&d.task.Writer, v) }},
	"task_action":         {"task_action": func(d *draft, v []byte) bool { return setSym(d, &d.task.Action, v) }},
	"task_instance":       {"task_instance": setInstance},
	"task_content":        {"task_content": setContent},
	"task_client":         {"task_client": func(d *draft, v []byte) bool { return setPID(&d.task.Client.PID, v) }},
	"task_client_created": {"task_client_created": func(d *draft, v []byte) bool { return d.readTime(0, &d.task.Client.Created, v) }},
	"task_parent":         {"task_parent": func(d *draft, v []byte) bool { return setPID(&d.task.Parent, v) }},
	"task_result":         {"task_result": setResult},
	"task_message":        {"task_message": setTaskMessage},

	"install_step":   {"install_step": setStep},
	"install_audit":  {"install_audit": func(d *draft, _ []byte) bool { d.installed.Audit = true; return true }},
	"install_name":   {"install_name": func(d *draft, v []byte) bool { return setSym(d, &d.installed.Name, v) }, "wmi_name": func(d *draft, v []byte) bool { return setSym(d, &d.installed.Name, wmiText(v)) }, "wmi_reference": setConsumer},
	"install_runs":   {"install_runs": func(d *draft, v []byte) bool { return setSym(d, &d.installed.Runs, v) }, "wmi_text": func(d *draft, v []byte) bool { return setSym(d, &d.installed.Runs, wmiText(v)) }},
	"install_filter": {"install_filter": func(d *draft, v []byte) bool { return setSym(d, &d.installed.Filter, referenced(v)) }},
	"install_script": {"install_script": func(d *draft, v []byte) bool { d.installed.Script = containsFold(v, "script"); return true }},
	"install_undone": {"install_undone": setUndone},
	"install_client": {"install_client": func(d *draft, v []byte) bool { return setPID(&d.installed.Client.PID, v) }},

	"inject_number": {"inject_number": setInjectNumber},
	"inject_rights": {"inject_rights": setRights},
	"inject_where":  {"inject_where": setWhere},

	"logon_type":        {"logon_type": setLogonType},
	"logon_session":     {"logon_session": func(d *draft, v []byte) bool { return setSession(&d.logon.Session, v) }},
	"logon_sid":         {"logon_sid": setLogonSID},
	"logon_from":        {"logon_from": setLogonFrom},
	"logon_workstation": {"logon_workstation": setWorkstation},
	"logon_message":     {"logon_message": setLogonMessage},
}

func setSym(d *draft, to *event.Sym, v []byte) bool {
	*to = d.symbols.Intern(v)
	return true
}

// setDevice folds the host's name, which sources spell in either letter case, and with the
// dot of a whole name of the DNS or without.
func setDevice(d *draft, v []byte) bool {
	if bytes.IndexByte(v, '\n') >= 0 {
		v = once(v)
	}
	v = event.HostName(v)
	spelled := d.symbols.Intern(v)
	d.source.Device = d.symbols.Fold(spelled)
	d.source.DeviceName = spelled
	return true
}

// setUser takes the user. NOT_TRANSLATED is what Splunk's classic text has for an
// account it could not look up: that of the event's writer, at that.
func setUser(d *draft, v []byte) bool {
	return string(v) != "NOT_TRANSLATED" && setSym(d, &d.user, v)
}

// setRecord takes the number of the event in its log; a number that is none, or is
// beyond 64 bits, tells records apart no less when hashed.
func setRecord(d *draft, v []byte) bool {
	d.source.Record = recordNumber(v)
	return d.source.Record != 0
}

func recordNumber(v []byte) uint64 {
	if n, ok := numberOf(v); ok {
		return n
	}
	n, err := strconv.ParseUint(string(v), 10, 64)
	if err != nil {
		return fnv64(v)
	}
	return n
}

func fnv64(v []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range v {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// setGUID takes a ProcessGuid. The all-zero GUID is Sysmon's "unknown".
func setGUID(d *draft, to *event.Ref, v []byte) bool {
	id, style, ok := event.ParseGUID(v)
	if !ok {
		v = once(v)
		if id, style, ok = event.ParseGUID(v); !ok {
			return setText(d, to, v)
		}
	}
	if id.IsZero() {
		return false
	}
	to.ID, to.Style = id, style
	return true
}

func setUID(d *draft, to *event.Ref, v []byte) bool {
	to.Unique = setGUID(d, to, v)
	return to.Unique
}

// setText takes an id that is no GUID, letter case aside. "0" is no id.
func setText(d *draft, to *event.Ref, v []byte) bool {
	if string(v) == "0" {
		return false
	}
	to.ID = event.TextID(d.symbols.Fold(d.symbols.Intern(v)))
	return true
}

// setPID takes a process id. Process id 0 is nobody's.
func setPID(to *uint32, v []byte) bool {
	n, ok := decimal(v, 9)
	if !ok {
		if n, ok = numberOf(once(v)); !ok || n > math.MaxUint32 {
			return false
		}
	}
	if n == 0 {
		return false
	}
	*to = uint32(n)
	return true
}

// unknownProcess is what Sysmon writes for the image of a process that it lost.
const unknownProcess = "<unknown process>"

// setPath takes the full path of an image; that of an unknown process is none.
func setPath(d *draft, to *event.Ref, v []byte) bool {
	if string(v) == unknownProcess {
		return false
	}
	return setSym(d, &to.Path, v)
}

// setName takes a file name, or a path of which the last part is the name
// (\Device\HarddiskVolume3\...\services.exe).
func setName(d *draft, to *event.Ref, v []byte) bool {
	if string(v) == unknownProcess {
		return false
	}
	return setSym(d, &to.Name, event.FileName(v))
}
