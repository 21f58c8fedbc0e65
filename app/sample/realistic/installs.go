package realistic

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/schtaskhunt/schtaskhunt/app/sample"
)

// InstallsFile names, in a fleet of other roots, every process that a service or a WMI consumer
// started which was installed within the log, and who installed it.
const InstallsFile = "installs.csv"

var installColumns = []string{"device", "cause", "name", "root_process", "root_guid", "root_logged", "maker_guid", "maker_logged", "audited"}

// install is a service or a WMI consumer that was installed right before its first run.
type install struct {
	what    string // service or wmi_consumer
	name    string
	command string
	at      Time
	first   *sample.Process
	maker   *sample.Process // nil where nobody is logged on: it came over the network
	session *session
}

// installs makes what was installed on the device: new services, and some of what comes new
// beneath WMI. It runs before the processes get their ids.
func (m *machine) installs() {
	seen := map[string]bool{}
	for i := range m.runs {
		r := &m.runs[i]
		if seen[r.k.id] || r.k.from <= m.w.from || !r.k.isInstalled() {
			continue
		}
		seen[r.k.id] = true
		d := m.dice("install", r.k.id)
		s := m.session(r.root.Start)
		in := install{what: "service", name: d.text(9, mixedCase), command: r.root.Command, first: r.root, session: s}
		in.at = r.root.Start - d.between(second/2, 4*second)
		tool := exe(system32+"sc.exe", `sc.exe create `+in.name+` binPath= "`+strings.ReplaceAll(in.command, `"`, `\"`)+`" start= auto`)
		if r.k.under == "wmi" {
			in.what = "wmi_consumer"
			tool = exe(powershell, `powershell -c Set-WmiInstance -Namespace root\subscription -Class CommandLineEventConsumer -Arguments @{Name='`+in.name+`'}`)
		}
		if owner := s.services["explorer"]; owner != nil && owner.Start+second < in.at {
			run := &run{m: m, k: r.k, at: in.at, d: d}
			in.maker = m.start(run, tool.as(asUser).lives(2*second, 5*second), owner, in.at-d.between(20*millisecond, 200*millisecond), s)
		}
		m.installed = append(m.installed, in)
	}
}

// isInstalled reports whether a kind is something that somebody installs.
func (k *kind) isInstalled() bool {
	switch {
	case k.editions[0].root.image == "" || strings.Contains(k.editions[0].root.command, "{"):
		return false // another one each time
	case k.under == "service":
		return true
	}
	return k.under == "wmi" && (k.group == "churn" || strings.HasSuffix(k.id, "wmi-consumer"))
}

const serviceProvider, serviceProviderGUID = "Service Control Manager", "{555908d1-a6d7-4695-8e1e-26931d2012f4}"

// logInstalls writes what the logs tell of them, where these are collected.
func (m *machine) logInstalls() {
	if !m.sensor.security {
		return
	}
	for _, in := range m.installed {
		lsass, services := in.session.services["lsass"], in.session.services["services"]
		if lsass == nil || services == nil {
			continue
		}
		if in.what != "service" {
			m.logConsumer(in, services)
			continue
		}
		m.entry(services, in.at, &sample.Entry{ID: 7045, Channel: "System", Provider: serviceProvider, GUID: serviceProviderGUID, Writer: services.PID, Data: pairs([]string{
			"ServiceName", in.name + " Service", "ImagePath", in.command, "ServiceType", "user mode service", "StartType", "auto start", "AccountName", "LocalSystem"})})
		subject, pid := systemAccount, uint32(0)
		if in.maker != nil {
			subject, pid = in.maker.User, in.maker.PID
		}
		m.entry(lsass, in.at+millisecond, &sample.Entry{ID: 4697, Version: 1, Channel: securityChannel, Provider: securityProvider, GUID: securityProviderGUID, Writer: lsass.PID, Data: pairs([]string{
			"SubjectUserSid", subject.SID, "SubjectUserName", subject.Name, "SubjectDomainName", subject.Domain, "SubjectLogonId", "0x" + strconv.FormatUint(uint64(subject.LogonID), 16),
			"ServiceName", in.name, "ServiceFileName", in.command, "ServiceType", "0x10", "ServiceStartType", "2", "ServiceAccount", "LocalSystem",
			"ClientProcessStartKey", "0", "ClientProcessId", decimal(pid), "ParentProcessId", "0"})})
	}
}

// logConsumer writes Sysmon's events 19 to 21, whose texts stand in quotes.
func (m *machine) logConsumer(in install, services *sample.Process) {
	quoted := func(text string) string {
		return ` "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	write := func(id int, after Time, kind string, data ...string) {
		data = append([]string{"RuleName", "-", "EventType", kind, "UtcTime", (in.at + after).UTC().Format("2006-01-02 15:04:05.000"), "Operation", "Created", "User", "NT AUTHORITY\\SYSTEM"}, data...)
		m.entry(services, in.at+after, &sample.Entry{ID: id, Version: 3, Channel: "Microsoft-Windows-Sysmon/Operational", Provider: "Microsoft-Windows-Sysmon",
			GUID: "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}", Writer: services.PID, Data: pairs(data)})
	}
	write(19, 0, "WmiFilterEvent", "EventNamespace", quoted(`root\cimv2`), "Name", quoted(in.name+"Filter"), "Query", quoted("SELECT * FROM __InstanceModificationEvent WITHIN 60"))
	write(20, millisecond, "WmiConsumerEvent", "Name", quoted(in.name), "Type", "Command Line", "Destination", quoted(in.command))
	write(21, 2*millisecond, "WmiBindingEvent", "Consumer", quoted(`\\.\ROOT\subscription:CommandLineEventConsumer.Name="`+in.name+`"`),
		"Filter", quoted(`\\.\ROOT\subscription:__EventFilter.Name="`+in.name+`Filter"`))
}

// installKey writes which processes have which cause.
type installKey struct {
	file *os.File
	rows *csv.Writer
}

func newInstallKey(dir string, w *world) (*installKey, error) {
	if !w.cfg.Roots {
		return &installKey{}, nil
	}
	f, err := os.Create(filepath.Join(dir, InstallsFile))
	if err != nil {
		return nil, err
	}
	k := &installKey{f, csv.NewWriter(f)}
	return k, k.rows.Write(installColumns)
}

// add writes every run of what was installed on one device.
func (k *installKey) add(m *machine, h *sample.History) error {
	if k.rows == nil {
		return nil
	}
	for _, in := range m.installed {
		id, logged := "", false
		if in.maker != nil {
			id, logged = in.maker.GUID(), in.maker.Logged
		}
		for i := range m.runs {
			r := &m.runs[i]
			if r.root.Command != in.command || r.k.under == "" || r.root.Start < in.at || (r.k.under == "wmi") != (in.what == "wmi_consumer") {
				continue
			}
			err := k.rows.Write([]string{h.Device.Name, in.what, in.name, in.command, r.root.GUID(), strconv.FormatBool(r.root.Logged), id, strconv.FormatBool(logged), strconv.FormatBool(m.sensor.security)})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (k *installKey) close() error {
	if k.rows == nil {
		return nil
	}
	k.rows.Flush()
	return errors.Join(k.rows.Error(), k.file.Close())
}
