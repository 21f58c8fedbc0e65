package schema

import (
	"bytes"

	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// finish completes a draft: what follows from several fields at once. It returns
// Malformed when the event lacks its device, its process or, for a connection,
// anything that says where it went.
func (d *draft) finish(kind event.Kind) event.Kind {
	switch kind {
	case event.TaskEvent:
		return d.finishTask()
	case event.InstallationEvent:
		return d.finishInstallation()
	case event.LogonEvent:
		return d.finishLogon()
	case event.InjectionEvent:
		return d.finishInjection()
	}
	if d.source.Device == event.NoSym || !d.knowsProcess() {
		return event.Malformed
	}
	d.completeName(&d.self)
	d.completeName(&d.parent)
	switch kind {
	case event.NetworkConnection:
		d.completeEndpoints()
		if !d.goesSomewhere() {
			return event.Malformed
		}
	case event.NameLookup:
		if d.query == event.NoSym {
			return event.Malformed
		}
	}
	return kind
}

func (d *draft) knowsProcess() bool { return !d.self.ID.IsZero() || d.self.PID != 0 }

func (d *draft) goesSomewhere() bool {
	return !d.remote.addr.IsZero() || d.remote.host != event.NoSym || d.remote.port != 0 ||
		d.direction == event.Listen
}

// completeName takes the name from the path, and completes a path that is a folder
// only, as Defender's rows of 2021 have it for the initiating process.
func (d *draft) completeName(ref *event.Ref) {
	if ref.Path == event.NoSym {
		return
	}
	file := d.symbols.FileName(ref.Path)
	if ref.Name == event.NoSym || ref.Name == file {
		ref.Name = file
		return
	}
	path, name := d.symbols.Bytes(ref.Path), d.symbols.Bytes(ref.Name)
	if !bytes.EqualFold(d.symbols.Bytes(file), name) {
		folder := bytes.TrimRight(path, `\/`)
		ref.Path = d.symbols.Intern(bytes.Join([][]byte{folder, name}, pathSeparator(path)))
	}
}

func pathSeparator(path []byte) []byte {
	if bytes.IndexByte(path, '/') >= 0 && bytes.IndexByte(path, '\\') < 0 {
		return []byte{'/'}
	}
	return []byte{'\\'}
}

// completeEndpoints finds the remote side: of a connection that came in, the source
// is the peer. Defender names the sides local and remote itself.
func (d *draft) completeEndpoints() {
	d.completeDirection()
	switch {
	case d.local != (endpoint{}) || d.remote != (endpoint{}):
	case d.direction == event.Inbound:
		d.local, d.remote = d.to, d.from
	default:
		d.local, d.remote = d.from, d.to
	}
}

func (d *draft) completeDirection() {
	switch {
	case d.initiated == yes:
		d.direction = event.Outbound
	case d.initiated == no:
		d.direction = event.Inbound
	case d.listening && d.direction == event.UnknownDirection && d.to.addr.IsZero():
		d.direction = event.Listen
	}
}

// adding is what is being added, here so that it needs no memory of its own.
type adding struct {
	process    event.Process
	end        event.End
	connection event.Connection
	task       event.Task
	installed  event.Installation
	logon      event.Logon
	injection  event.Injection
}

// add puts the finished draft into the sink, which keeps a copy.
func (r *Reader) add(kind event.Kind) {
	d := &r.draft
	if d.unsure != 0 {
		if sink, can := r.sink.(event.UnsureSink); can {
			sink.Unsure(d.unsure)
		}
	}
	switch kind {
	case event.ProcessStart:
		r.process = event.Process{
			Source: d.source, Self: d.self, Parent: d.parent, Grandparent: d.grandparent, User: r.user(), Hash: d.hash, Logon: d.session,
		}
		r.sink.AddProcess(&r.process)
	case event.ProcessEnd:
		r.end = event.End{Source: d.source, Self: d.self}
		r.sink.AddEnd(&r.end)
	case event.TaskEvent:
		r.task = r.taskOf()
		r.sink.AddTask(&r.task)
	case event.InstallationEvent:
		r.installed = r.draft.installed
		r.installed.Source, r.installed.User = r.draft.source, r.user()
		r.sink.AddInstallation(&r.installed)
	case event.LogonEvent:
		r.logon = r.draft.logon
		r.logon.Source, r.logon.User = r.draft.source, r.user()
		r.sink.AddLogon(&r.logon)
	case event.InjectionEvent:
		r.injection = r.draft.injection
		i := &r.injection
		i.Source, i.User, i.Into, i.By = r.draft.source, r.user(), r.draft.self, r.draft.parent
		r.sink.AddInjection(i)
	case event.NetworkConnection, event.NameLookup:
		r.connection = r.connectionOf(kind)
		r.sink.AddConnection(&r.connection)
	}
}

func (r *Reader) connectionOf(kind event.Kind) event.Connection {
	d := &r.draft
	c := event.Connection{
		Source: d.source, Stamp: d.stamp, Self: d.self, Parent: d.parent, User: r.user(), Hash: d.hash,
		Weight: max(1, d.weight), Direction: d.direction,
	}
	if kind == event.NameLookup {
		c.Lookup, c.Host, c.Answers, c.Direction = true, d.query, d.answers, event.Outbound
		return c
	}
	c.Remote, c.RemotePort, c.Host = d.remote.addr, d.remote.port, d.remote.host
	c.Local, c.LocalPort = d.local.addr, d.local.port
	c.URL, c.Transport, c.Action = d.url, d.transport, d.action
	return c
}

// user returns DOMAIN\name where the source keeps the two apart.
func (r *Reader) user() event.Sym {
	d := &r.draft
	name := d.symbols.Bytes(d.user)
	if d.domain == event.NoSym || len(name) == 0 || bytes.IndexByte(name, '\\') >= 0 {
		return d.user
	}
	r.text = append(append(r.text[:0], d.symbols.Bytes(d.domain)...), '\\')
	r.text = append(r.text, name...)
	return d.symbols.Intern(r.text)
}
