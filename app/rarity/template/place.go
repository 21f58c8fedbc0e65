package template

// variables are the environment's names for folders and for who and where one is, with
// what they stand for on a usual system. A program's folder is the same whichever way a
// task names it.
var variables = []struct{ name, folder string }{
	{"windir", `c:\windows`}, {"systemroot", `c:\windows`}, {"systemdrive", `c:`},
	{"programfiles", `c:\program files`}, {"programw6432", `c:\program files`},
	{"programfiles(x86)", `c:\program files (x86)`}, {"commonprogramfiles", `c:\program files\common files`},
	{"programdata", `c:\programdata`}, {"allusersprofile", `c:\programdata`}, {"public", `c:\users\public`},
	{"userprofile", `c:\users\<user>`}, {"appdata", `c:\users\<user>\appdata\roaming`},
	{"localappdata", `c:\users\<user>\appdata\local`}, {"temp", `c:\users\<user>\appdata\local\temp`},
	{"tmp", `c:\users\<user>\appdata\local\temp`}, {"homepath", `\users\<user>`}, {"homedrive", `c:`},
	{"username", `<user>`}, {"userdomain", `<host>`}, {"computername", `<host>`}, {"comspec", `c:\windows\system32\cmd.exe`},
}

// variable replaces `%name%`.
func (f *folder) variable() bool {
	rest := f.src[f.at+1:]
	for i := range variables {
		v := &variables[i]
		if n := len(v.name); len(rest) > n && rest[n] == '%' && hasPrefix(rest, v.name) {
			f.replace(n+2, v.folder)
			return true
		}
	}
	return false
}

// shortName writes the long name of a folder that an 8.3 name stands for. The numbers
// are those that setup gives on 64-bit systems.
func (f *folder) shortName() {
	if f.ends(`:\progra`) && f.next(f.at) == '~' && !isWord(f.next(f.at+2)) {
		long := map[byte]string{'1': "m files", '2': "m files (x86)", '3': "mdata"}[f.next(f.at+1)]
		if long != "" {
			f.replace(2, long)
		}
	}
}

// isNobodys reports whether a folder beneath `C:\Users` is no person's. That of an
// administrator is a profile as any other.
func isNobodys(name []byte) bool {
	switch string(name) {
	case "public", "default", "default user", "all users":
		return true
	}
	return false
}

// isKept reports whether an account means the same on every device.
func isKept(name []byte) bool {
	switch string(name) {
	case "public", "default", "default user", "all users", "administrator", "system", "guest",
		"localsystem", "network", "local", "nt authority\\system", "nt", "builtin", "networkservice", "localservice":
		return true
	}
	return false
}

// profile replaces the name behind `C:\Users\`. It may hold blanks where the folder goes
// on behind it.
func (f *folder) profile(from int) {
	written := f.dst[f.base:from]
	sep := f.next(f.at)
	if n := len(written); n < 1 || (written[n-1] != '\\' && written[n-1] != '/') || (sep != '\\' && sep != '/') {
		return
	}
	end := f.nameEnd(f.at + 1)
	if end == f.at+1 || f.src[f.at+1] == '<' || f.src[f.at+1] == '%' {
		return
	}
	f.put(sep)
	f.name(end, "<user>", isNobodys)
}

// name replaces what is up to end by a slot, unless it is to be kept.
func (f *folder) name(end int, slot string, keep func(name []byte) bool) {
	from := len(f.dst)
	f.changed = true
	f.lower(end)
	if keep(f.dst[from:]) {
		return
	}
	f.dst = append(f.dst[:from], slot...)
	f.at = end
}

// nameEnd finds the end of a folder's name: a separator that comes within the 64 letters
// which a name may have, else the first blank.
func (f *folder) nameEnd(at int) int {
	blank := 0
	for end := at; ; end++ {
		switch c := f.next(end); c {
		case '\\', '"', '\'':
			return end
		case ' ', '\t':
			if blank == 0 {
				blank = end
			}
			continue
		case 0, '/', ':', '*', '?', '<', '>', '|', ',', ';', '&', '%', '=', ')', '\n', '\r':
			if blank > 0 {
				return blank
			}
			return end
		}
		if end-at > 64 {
			if blank > 0 {
				return blank
			}
			return end
		}
	}
}

// account replaces the value of a switch `/user:`, `-username=`, `--user `.
func (f *folder) account(from int) {
	if n := from - 1; n < f.word || (f.dst[n] != '/' && f.dst[n] != '-') || n > f.word+1 {
		return
	}
	at := f.at
	switch f.next(at) {
	case ':', '=':
		at++
	case ' ': // `-user` alone is a switch of certutil and others
		if len(f.dst)-from == len("user") && from == f.word+1 {
			return
		}
		for f.next(at) == ' ' {
			at++
		}
	default:
		return
	}
	if f.next(at) == '"' {
		at++
	}
	end := f.accountEnd(at)
	if c := f.next(at); end == at || c == '/' || c == '-' {
		return
	}
	for f.at < at {
		f.step()
	}
	f.name(end, "<user>", isKept)
}

func (f *folder) accountEnd(at int) int {
	for c := f.next(at); c > ' ' && c != '"' && c != '<' && c != '%' && c != ',' && c != ';' && c != '\''; c = f.next(at) {
		at++
	}
	return at
}
