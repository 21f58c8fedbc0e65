package roots

import "strings"

// hostPrefix begins the name of a preset for the host of one service.
const hostPrefix = "service:"

// longestService is how many characters the name of a service has at most. Source: Microsoft's
// documentation of CreateService.
const longestService = 256

// host is what the host of one service starts (svchost.exe -k ... -s NAME). A host of several
// services tells which it is by nothing: what it starts is a root where another event of
// the same process names the service alone.
func host(name string) *Preset {
	return &Preset{
		Name: hostPrefix + name, Means: "the host of the service " + name + " (svchost.exe -s " + name + ")",
		Goals: service.Goals, Techniques: service.Techniques,
		level:   levelServer,
		parents: []parent{{name: "svchost", folders: system32, from: []string{"services"}, hosts: name}},
		usual:   strings.Fields(`conhost werfault wermgr`),
	}
}

// findHost returns the preset of a name that begins with hostPrefix, nil for any other and
// where what follows is no name of a service.
func findHost(name string) *Preset {
	of, is := strings.CutPrefix(name, hostPrefix)
	if !is || of == "" || len(of) > longestService || strings.ContainsAny(of, " \t\"'\\/:,*?<>") {
		return nil
	}
	return host(of)
}
