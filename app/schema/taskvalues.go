package schema

import (
	"slices"

	"github.com/schtaskhunt/schtaskhunt/app/record"
)

// taskValues are the values of the events of tasks in the order of their manifests, the newest
// version first: how many there are tells which it is. Sources: the manifests of
// Microsoft-Windows-TaskScheduler, of Microsoft-Windows-Security-Auditing and of the Service
// Control Manager.
var taskValues = map[string][][]string{
	"100": {{"TaskName", "UserContext", "InstanceId"}},
	"102": {{"TaskName", "UserContext", "InstanceId"}},
	"103": {{"TaskName", "InstanceId", "UserContext", "ResultCode"}},
	"106": {{"TaskName", "UserContext"}},
	"107": {{"TaskName", "InstanceId"}},
	"108": {{"TaskName", "InstanceId"}},
	"110": {{"TaskName", "InstanceId", "UserContext"}},
	"118": {{"TaskName", "InstanceId"}},
	"119": {{"TaskName", "UserName", "InstanceId"}},
	"129": {{"TaskName", "Path", "ProcessID", "Priority"}},
	"140": {{"TaskName", "UserName"}},
	"141": {{"TaskName", "UserName"}},
	"142": {{"TaskName", "UserName"}},
	"200": cutValues([]string{"TaskName", "ActionName", "TaskInstanceId", "EnginePID"}, []string{"EnginePID"}),
	"201": cutValues([]string{"TaskName", "TaskInstanceId", "ActionName", "ResultCode", "EnginePID"}, []string{"EnginePID"}),
	"203": {{"TaskName", "TaskInstanceId", "ActionName", "ResultCode"}},

	"7045": {{"ServiceName", "ImagePath", "ServiceType", "StartType", "AccountName"}},
	"4697": cutValues([]string{"SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "ServiceName", "ServiceFileName", "ServiceType",
		"ServiceStartType", "ServiceAccount", "ClientProcessStartKey", "ClientProcessId", "ParentProcessId"}, []string{"ClientProcessStartKey", "ClientProcessId", "ParentProcessId"}),

	"4624": cutValues([]string{"SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "TargetUserSid", "TargetUserName", "TargetDomainName",
		"TargetLogonId", "LogonType", "LogonProcessName", "AuthenticationPackageName", "WorkstationName", "LogonGuid", "TransmittedServices", "LmPackageName",
		"KeyLength", "ProcessId", "ProcessName", "IpAddress", "IpPort", "ImpersonationLevel", "RestrictedAdminMode", "RemoteCredentialGuard",
		"TargetOutboundUserName", "TargetOutboundDomainName", "VirtualAccount", "TargetLinkedLogonId", "ElevatedToken"},
		[]string{"RemoteCredentialGuard"},
		[]string{"RestrictedAdminMode", "TargetOutboundUserName", "TargetOutboundDomainName", "VirtualAccount", "TargetLinkedLogonId", "ElevatedToken"},
		[]string{"ImpersonationLevel"}),

	"4698": auditValues("TaskContent"), "4699": auditValues("TaskContent"), "4700": auditValues("TaskContent"),
	"4701": auditValues("TaskContent"), "4702": auditValues("TaskContentNew"),
}

// taskIDs are their ids, in order.
var taskIDs = sortedKeys(taskValues)

func auditValues(content string) [][]string {
	client := []string{"ClientProcessStartKey", "ClientProcessId", "ParentProcessId", "RpcCallClientLocality", "FQDN"}
	return cutValues(append([]string{"SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "TaskName", content}, client...), client)
}

// taskPlaces returns the names of a value in the list of any event of a task.
func (s *sysmonShape) taskPlaces(name string) (places []string) {
	for _, id := range taskIDs {
		places = append(places, placesIn(taskValues[id], s.list, name)...)
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// placesIn returns the names of a value in lists of one event.
func placesIn(lists [][]string, list, name string) (places []string) {
	for _, values := range lists {
		if at := slices.Index(values, name); at >= 0 {
			places = append(places, record.Positional(list, len(values), at))
		}
	}
	return places
}

// taskData are the names of values of a task's event: of their own, and by their place in the
// list of a shape that has one.
func (s *sysmonShape) taskData(names ...string) (from []string) {
	if s.list == "" {
		return s.data(names...)
	}
	for _, name := range names {
		from = append(from, placesIn(taskValues[s.event], s.list, name)...)
	}
	if s.prefix != "" { // beside a list without a prefix, names are those of the record around it
		from = append(from, s.data(names...)...)
	}
	return from
}

// taskField is an optional rule for such values.
func (s *sysmonShape) taskField(to string, names ...string) Rule {
	from := s.taskData(names...)
	return Rule{To: to, From: from, Optional: true}
}
