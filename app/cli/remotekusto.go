//go:build !noremote

package cli

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud"
	"github.com/schtaskhunt/schtaskhunt/app/cloud/azure"
	"github.com/schtaskhunt/schtaskhunt/app/cloud/kusto"
	"github.com/schtaskhunt/schtaskhunt/app/command"
	"github.com/schtaskhunt/schtaskhunt/app/event"
	"github.com/schtaskhunt/schtaskhunt/app/source"
)

// mostRows is a lower limit of rows than the service's own, for tests; 0 for none.
var mostRows int

// azureSecrets are the variables that Microsoft's library reads secrets from.
var azureSecrets = []string{"AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD"}

// isKusto reports whether a service that is asked in KQL is meant.
func isKusto(rest command.Rest) bool { return rest.Value("sentinel") != "" || rest.Switch("defender") }

// workspace accepts the id of a workspace.
func workspace(text string) (string, error) {
	if !regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`).MatchString(text) {
		return "", fmt.Errorf("%q is no workspace's id: it is a GUID, on the workspace's overview in the portal", text)
	}
	return strings.ToLower(text), nil
}

// checkKusto finds what contradicts itself.
func checkKusto(rest command.Rest) error {
	switch {
	case rest.Value("sentinel") != "" && rest.Switch("defender"):
		return command.Usage("remote needs one server: --sentinel WORKSPACE or --defender, not both")
	case rest.Value("tenant") != "" || rest.Value("username") != "":
		return command.Usage("--tenant and --username are for Splunk: with --sentinel and --defender, credentials come from where --credential says")
	case rest.Value("findings") != "none":
		return command.Usage("--findings %s needs a Splunk: --sentinel and --defender are only read", rest.Value("findings"))
	case rest.Value("fetch") == "stream":
		return command.Usage("--fetch stream needs --url of a Splunk: Sentinel and Defender answer slice by slice")
	}
	for _, name := range []string{"earliest", "latest"} {
		if _, err := instant(rest.Value(name), time.Unix(0, 0)); err != nil {
			return command.Usage("--%s: %v", name, err)
		}
	}
	return nil
}

// service returns the service that flags name, over a transport.
func service(rest command.Rest, t *cloud.Transport) *kusto.Service {
	host := func(public string) *url.URL {
		if u := parsed(rest.Value("url")); u != nil {
			return u
		}
		return parsed(public)
	}
	var s *kusto.Service
	if rest.Switch("defender") {
		s = kusto.Defender(host(kusto.DefenderHost), t)
	} else {
		s = kusto.Sentinel(rest.Value("sentinel"), host(kusto.SentinelHost), t)
	}
	if mostRows > 0 {
		s.Most = mostRows
	}
	if own := rest.Value("search"); own != "" {
		s.Tables = []kusto.Table{kusto.Own(own)}
	}
	return s
}

// dialKusto sets the service up, with a token that is given or the library's credential.
func (s *server) dialKusto(rest command.Rest, t *cloud.Transport, prompt func(string)) error {
	for _, name := range azureSecrets {
		s.secrets = append(s.secrets, cloud.NewSecret(os.Getenv(name)))
	}
	s.kusto = service(rest, t)
	if way := rest.Value("credential"); way != "auto" || rest.Value("token-file") == "" && os.Getenv(tokenVariable) == "" {
		credential, err := azure.New(azure.Options{Way: way, Scope: s.kusto.Scope, Prompt: prompt, Client: azureClient})
		if err != nil {
			return err
		}
		s.azure, s.kusto.Transport.Auth = credential, credential
		return nil
	}
	token, err := s.secret("a token", tokenVariable, "token-file", rest)
	s.kusto.Transport.Auth = cloud.Token{Secret: token}
	return err
}

// showQuery prints what would be asked first.
func showQuery(rest command.Rest, s Streams) error {
	now := time.Now()
	from, _ := instant(rest.Value("earliest"), now) // both have been checked
	to, _ := instant(rest.Value("latest"), now)
	_, err := fmt.Fprint(s.Out, strings.Join(service(rest, &cloud.Transport{}).Queries(from, to), "\n"))
	return err
}

// apart is how far two clocks may be apart without a word.
const apart = time.Minute

// fetchKusto fetches the events between two times of the server's clock.
func (r *remoteHunt) fetchKusto(ctx context.Context) (warnings []string, err error) {
	r.bar.beat.doing("asking %s", r.server.kusto.Name)
	clock, err := r.server.kusto.Clock(ctx)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if off := clock.Sub(now); !clock.IsZero() && off.Abs() > apart {
		warnings = append(warnings, fmt.Sprintf("this machine's clock is %s off the server's: times count back from the server's", off.Abs().Round(time.Minute)))
		now = clock
	}
	from, _ := instant(r.rest.Value("earliest"), now)
	to, _ := instant(r.rest.Value("latest"), now)
	if !from.Before(to) {
		return nil, command.Usage("--earliest %s is not before --latest %s", r.rest.Value("earliest"), r.rest.Value("latest"))
	}
	if _, err := r.taker.Begin(event.Time(to.UnixNano() / (int64(time.Second) / int64(event.Second)))); err != nil {
		return nil, err
	}
	notes := &source.Notes{}
	report, err := r.server.kusto.Fetch(ctx, from, to, kusto.Sink{
		Take:  func(answer []byte) error { return r.taker.takeAnswer(r.server.kusto.Name, answer, notes) },
		Doing: func(what string, rows int) { r.bar.beat.doing("%s, %d rows came", what, rows) },
		Warn:  func(text string) { warnings = append(warnings, text) },
		Note:  func(text string) { r.tell("INFO", text) },
	})
	if err != nil {
		return warnings, err
	}
	r.tell("INFO", fmt.Sprintf("schtaskhunt remote: rows=%d questions=%d splits=%d missing=%d tables=%d", report.Rows, report.Questions, report.Splits, report.Missing, report.Tables))
	return append(warnings, notes.Lines(false)...), nil
}

// takeAnswer reads the rows of an answer as those of a file that has one.
func (r *receiver) takeAnswer(name string, answer []byte, notes *source.Notes) error {
	_, err := source.Source{Notes: notes}.BatchesIn(name, bytes.NewReader(answer), func(b *source.Batch) error {
		defer b.Free()
		return b.Each(func(e source.Event) error {
			_, _ = addEvent(r.lane, e, r.rec) // what is wrong with an event is in the ledger
			return nil
		})
	})
	return err
}

var spanBack = regexp.MustCompile(`^-(\d{1,6})(s|m|h|d|w)$`)

var spanUnits = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// instant reads a time that is meant: now, a span back from it, epoch seconds or ISO 8601.
func instant(text string, now time.Time) (time.Time, error) {
	if text == "now" || text == "now()" || text == "" {
		return now, nil
	}
	if m := spanBack.FindStringSubmatch(text); m != nil {
		n, err := strconv.Atoi(m[1])
		return now.Add(-time.Duration(n) * spanUnits[m[2]]), err
	}
	if t, ok := event.ParseTime([]byte(text)); ok && t > event.NoTime {
		return t.Std(), nil
	}
	return now, fmt.Errorf("%q is no time such as now, -7d, -36h, epoch seconds or 2026-03-04T05:06:07Z", text)
}
