package roots

import "strings"

// service is the Service Control Manager. Its service hosts are roots and are not followed:
// what runs beneath them (COM servers, tasks, consent prompts) is not the service's doing.
var service = Preset{
	Name: Service, Means: "the Service Control Manager (services.exe)", Goals: []Goal{Persistence, Lateral},
	Techniques: []string{"T1543.003", "T1569.002"},
	Also:       []string{"services", "svc", "scm", "sc", "psexec", "psexesvc"},
	level:      levelService, Doors: []uint16{doorRPC, doorSMB},
	parents:    []parent{{name: "services", folders: system32, from: []string{"wininit", "winlogon"}}},
	leaves:     []string{"svchost"},
	Unfollowed: "below service hosts (svchost.exe) not followed: they are no service's own doing; root=service:NAME hunts beneath the host of one",
	usual: strings.Fields(`svchost searchindexer trustedinstaller sppsvc msiexec spoolsv vssvc wmiapsrv msmpeng nissrv mpdefendercoreservice
		sgrmbroker upfc wudfhost dllhost lsass lsm taskhost taskhostw ui0detect wlms msdtc alg snmp locator perceptionsimulationservice
		securityhealthservice sensedataservice mssense sense spectrum fxssvc tieringengineservice msiserver vds wbengine
		searchprotocolhost dashost wmpnetwk audiodg smsvchost presentationfontcache mscorsvw ngen officeclicktorun
		vmtoolsd vgauthservice vm3dservice vboxservice windowsazureguestagent waappagent waseguestagent sysmon sysmon64 splunkd
		googleupdate googleupdater microsoftedgeupdate elevation_service maintenanceservice ccmexec cmrcservice
		intelcphdcpsvc igfxcuiservice* rtkauduservice64 nvdisplay.container amdfendrsr sqlwriter sqlservr sqlagent httpd nginx w3svc inetinfo`),
}
