//go:build !noremote

package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud"
	"github.com/schtaskhunt/schtaskhunt/app/cloud/azure"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
)

// findingsCollection is the collection unless another is named.
const findingsCollection = "schtaskhunt_findings"

// remoteFlags are the flags of remote beside the options.
var remoteFlags = append([]command.Flag{
	{Name: "url", Value: "<https://host:8089>", Check: address, Help: "splunkd's management port: Splunk Enterprise, Splunk Cloud Platform"},
	{Name: "tenant", Value: "<name>", Check: cloud.CheckName, Help: "a tenant of Splunk Cloud Services, in place of --url"},
	{Name: "sentinel", Value: "<workspace id>", Check: workspace, Help: "a Log Analytics workspace, asked in KQL; --url names another cloud's host"},
	{Name: "defender", Help: "Defender's advanced hunting through Microsoft Graph, asked in KQL; 30 days"},
	{Name: "credential", Value: strings.Join(azure.Ways, "|"), Default: "auto", Check: command.OneOf(azure.Ways...),
		Help: "where the credentials for --sentinel and --defender come from; auto takes SCHTASKHUNT_TOKEN first"},
	{Name: "show-query", Help: "print the KQL that --sentinel or --defender would send first, and send nothing"},
	{Name: "scs-host", Value: "<https://host>", Check: address, Help: "another host for Splunk Cloud Services than its own"},
	{Name: "search", Value: "<search>", Help: "what to search for, as in the search bar; the fields needed are added to it. With --sentinel and --defender KQL in place of our own"},
	{Name: "earliest", Value: "<time>", Default: "-7d", Help: "where the search begins: -7d, -7d@d, epoch seconds, ISO 8601"},
	{Name: "latest", Value: "<time>", Default: "now", Help: "where it ends"},
	{Name: "app", Value: "<name>", Check: cloud.CheckName, Help: "whose fields and macros the search sees; the user's default app"},
	{Name: "fields", Value: "needed|all", Default: "needed", Check: command.OneOf("needed", "all"),
		Help: "add | fields to the search, so that only those the hunt reads are sent, or send it as it is"},
	{Name: "fetch", Value: "pages|stream", Default: "pages", Check: command.OneOf("pages", "stream"),
		Help: "results in pages when the search is done, or as a stream without limit, which cannot go on when it breaks"},
	{Name: "page-size", Value: "<n>", Default: "50000", Check: command.Whole(1), Help: "results to ask for at once"},
	{Name: "max-results", Value: "<n>", Default: "500000", Check: command.Whole(1), Help: "results the server keeps for --fetch pages; reaching it is reported"},
	{Name: "ca-file", Value: "<file>", Help: "trust the certificate authorities in this PEM file alone, not the system's"},
	{Name: "token-file", Value: "<file>", Help: "file with the token, mode 0600; or set SCHTASKHUNT_TOKEN"},
	{Name: "username", Value: "<name>", Help: "log in with a password rather than a token"},
	{Name: "password-file", Value: "<file>", Help: "file with the password, mode 0600; or set SCHTASKHUNT_PASSWORD"},
	{Name: "findings", Value: "none|hec|ingest", Default: "none", Check: command.OneOf("none", "hec", "ingest"),
		Help: "write rows back, each once: to an HTTP Event Collector (with --url) or the ingest service (with --tenant)"},
	{Name: "hec-url", Value: "<https://host:8088>", Check: address, Help: "the HTTP Event Collector"},
	{Name: "hec-token-file", Value: "<file>", Help: "file with its token, mode 0600; or set SCHTASKHUNT_HEC_TOKEN"},
	{Name: "findings-index", Value: "<name>", Check: cloud.CheckName, Help: "index for findings"},
	{Name: "hec-index", Value: "<name>", Check: cloud.CheckName, Help: "the same as --findings-index"},
	{Name: "findings-collection", Value: "<name>", Check: cloud.CheckName,
		Help: "collection of the key-value store that remembers findings (" + findingsCollection + "), with --findings ingest"},
	{Name: "patience", Value: "<span>", Check: span, Help: "what one request may take with all its retries: 90s, 1h; 5m unless it is given"},
	{Name: "write-anyway", Help: "write findings although the search for those already written may have missed some, which are then doubled"},
}, outputFlags...)

// span accepts a length of time, from a second on.
func span(text string) (string, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second || d > 24*time.Hour {
		return "", fmt.Errorf("%q is no span from 1s to 24h, such as 90s or 5m", text)
	}
	return text, nil
}

// policyFor is the policy with what flags say of it.
func policyFor(rest command.Rest) cloud.Policy {
	p := remotePolicy
	if d, err := time.ParseDuration(rest.Value("patience")); err == nil { // which has been checked
		p.Patience = d
	}
	return p
}

func address(text string) (string, error) {
	u, err := cloud.ParseAddress(text)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// checkRemote finds what contradicts itself or is missing.
func checkRemote(o command.Options, rest command.Rest) error {
	findings := rest.Value("findings")
	byURL, byTenant := rest.Value("url") != "", rest.Value("tenant") != ""
	switch {
	case len(rest.Files) > 0:
		return command.Usage("remote reads no files, and %q is no flag: put the search in quotes after --search; hunt reads files", rest.Files[0])
	case isKusto(rest):
		return checkKusto(rest)
	case rest.Switch("show-query"):
		return command.Usage("--show-query needs --sentinel or --defender")
	case byURL == byTenant:
		return command.Usage("remote needs one server: --url https://host:8089 for splunkd, --tenant NAME for Splunk Cloud Services, --sentinel WORKSPACE or --defender")
	case rest.Value("search") == "":
		return command.Usage("remote needs --search, such as --search 'index=sysmon (EventCode=1 OR EventCode=3 OR EventCode=5 OR EventCode=22)'")
	case byTenant && rest.Value("fetch") == "stream":
		return command.Usage("--fetch stream needs --url: Splunk Cloud Services gives results in pages only")
	case byTenant && rest.Value("username") != "":
		return command.Usage("--username needs --url: Splunk Cloud Services takes tokens only")
	case byURL && rest.Value("scs-host") != "":
		return command.Usage("--scs-host needs --tenant")
	}
	return checkFindings(o, findings, rest, byURL)
}

func checkFindings(o command.Options, findings string, rest command.Rest, byURL bool) error {
	switch {
	case findings == "none":
		return nil
	case o.Mode == command.ModeKQL:
		return command.Usage("--findings %s needs mode=hunt: the rows of mode=kql have no ids that last from run to run", findings)
	case findings == "ingest" && byURL:
		return command.Usage("--findings ingest needs --tenant; with --url, write to --findings hec")
	case findings == "hec" && !byURL:
		return command.Usage("--findings hec needs --url: what is written already is asked there; with --tenant, write to --findings ingest")
	case findings == "hec" && (rest.Value("hec-url") == "" || findingsIndex(rest) == ""):
		return command.Usage("--findings hec needs --hec-url and --findings-index, which the token must be allowed to write and the search's user to search")
	}
	return nil
}

func findingsIndex(rest command.Rest) string {
	if index := rest.Value("findings-index"); index != "" {
		return index
	}
	return rest.Value("hec-index")
}

// latestOf is the instant that a search's latest time means, where that can be told
// without the server: spans back from now are Splunk's to work out.
func latestOf(text string) event.Time {
	if text == "now" || text == "now()" {
		text = strconv.FormatInt(time.Now().Unix(), 10)
	}
	if t, ok := event.ParseTime([]byte(text)); ok && t > event.NoTime {
		return t
	}
	return event.NoTime
}
