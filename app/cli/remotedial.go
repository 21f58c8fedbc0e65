//go:build !noremote

package cli

import (
	"cmp"
	"fmt"
	"net/url"

	"github.com/schtaskhunt/schtaskhunt/app/cloud"
	"github.com/schtaskhunt/schtaskhunt/app/cloud/azure"
	"github.com/schtaskhunt/schtaskhunt/app/cloud/kusto"
	"github.com/schtaskhunt/schtaskhunt/app/command"
)

// Environment variables with secrets.
const (
	tokenVariable    = "SCHTASKHUNT_TOKEN"
	passwordVariable = "SCHTASKHUNT_PASSWORD"
	hecVariable      = "SCHTASKHUNT_HEC_TOKEN"
)

// server is the Splunk that remote works with.
type server struct {
	remote  cloud.Remote
	splunkd *cloud.Splunkd // nil for Splunk Cloud Services
	store   cloud.Store    // nil when findings are not written
	secrets []cloud.Secret
	login   *cloud.Login      // nil with a token
	doubts  []error           // about lookups, which --write-anyway passed over
	kusto   *kusto.Service    // nil for a Splunk
	azure   *azure.Credential // nil with a token, and for a Splunk
}

// dial makes the clients. It sends nothing yet. tell is told of attempts that are
// repeated.
func dial(rest command.Rest, policy cloud.Policy, tell func(string)) (*server, error) {
	base, err := cloud.NewBase(rest.Value("ca-file"))
	if err != nil {
		return nil, err
	}
	s := &server{}
	plain := cloud.Transport{Base: base, Policy: policy, Tell: tell}
	if isKusto(rest) {
		return s, s.dialKusto(rest, &plain, tell)
	}
	searching := plain
	if searching.Auth, err = s.authorizer(rest, &plain); err != nil {
		return nil, err
	}
	if tenant := rest.Value("tenant"); tenant != "" {
		services := cloud.NewServices(tenant, parsed(rest.Value("scs-host")), &searching)
		s.remote = services
		if rest.Value("findings") == "ingest" {
			s.store = &cloud.Ingest{Services: services, Collection: cmp.Or(rest.Value("findings-collection"), findingsCollection), Index: findingsIndex(rest)}
		}
		return s, nil
	}
	s.splunkd = cloud.NewSplunkd(parsed(rest.Value("url")), rest.Value("app"), &searching)
	s.remote = s.splunkd
	if rest.Value("findings") == "hec" {
		return s, s.collector(rest, plain)
	}
	return s, nil
}

// parsed returns an address that its flag's check has accepted, nil for none.
func parsed(text string) *url.URL {
	if text == "" {
		return nil
	}
	u, _ := cloud.ParseAddress(text)
	return u
}

// authorizer decides how the search is authorized.
func (s *server) authorizer(rest command.Rest, plain *cloud.Transport) (cloud.Authorizer, error) {
	if user := rest.Value("username"); user != "" {
		password, err := s.secret("a password for --username", passwordVariable, "password-file", rest)
		if err != nil {
			return nil, err
		}
		s.login = &cloud.Login{Address: parsed(rest.Value("url")), User: user, Password: password, Transport: plain}
		return s.login, nil
	}
	token, err := s.secret("a token", tokenVariable, "token-file", rest)
	return cloud.Token{Secret: token}, err
}

// collector sets up the HTTP Event Collector.
func (s *server) collector(rest command.Rest, transport cloud.Transport) error {
	token, err := s.secret("a token for the HTTP Event Collector", hecVariable, "hec-token-file", rest)
	transport.Auth = cloud.Token{Scheme: "Splunk", Secret: token}
	hec := &cloud.HEC{
		Address: parsed(rest.Value("hec-url")), Index: findingsIndex(rest), Transport: &transport, Search: s.remote,
	}
	if rest.Switch("write-anyway") {
		hec.Doubtful = func(reason error) { s.doubts = append(s.doubts, reason) }
	}
	s.store = hec
	return err
}

// secret reads a secret from the file of a flag, else from the environment.
func (s *server) secret(what, variable, flag string, rest command.Rest) (secret cloud.Secret, err error) {
	if file := rest.Value(flag); file != "" {
		secret, err = cloud.ReadSecretFile(file)
	} else {
		secret, err = cloud.SecretFromEnv(variable)
	}
	if err == nil && secret.IsZero() {
		err = command.Usage("remote needs %s: set the environment variable %s, or give --%s", what, variable, flag)
	}
	s.secrets = append(s.secrets, secret)
	return secret, err
}

// all are the secrets that no output may hold.
func (s *server) all() []cloud.Secret {
	if s.azure != nil {
		return append(s.azure.Secrets(), s.secrets...)
	}
	if s.login == nil {
		return s.secrets
	}
	return append([]cloud.Secret{s.login.Session()}, s.secrets...)
}

// redactedError says what an error says, without the secrets.
type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string { return e.text }
func (e *redactedError) Unwrap() error { return e.err }

func (s *server) redacted(err error) error {
	if err == nil {
		return nil
	}
	return &redactedError{cloud.Redact(fmt.Sprint(err), s.all()...), err}
}
