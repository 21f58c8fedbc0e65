package cloud

import (
	"context"
	"net/url"
	"time"

	"github.com/splunk/splunk-cloud-sdk-go/idp"
	"github.com/splunk/splunk-cloud-sdk-go/services"
	"github.com/splunk/splunk-cloud-sdk-go/services/ingest"
	"github.com/splunk/splunk-cloud-sdk-go/services/kvstore"
	"github.com/splunk/splunk-cloud-sdk-go/services/search"
)

// Services is a tenant of Splunk Cloud Services, reached through Splunk's SDK. The SDK
// builds and reads the messages; everything below is our Transport's, whose Auth takes
// the place of the SDK's own.
type Services struct {
	tenant    string
	override  *url.URL // nil for Splunk's own hosts
	transport *Transport
}

// NewServices returns a client for a tenant. override sends all requests to one host;
// nil to those of scp.splunk.com.
func NewServices(tenant string, override *url.URL, t *Transport) *Services {
	return &Services{tenant: tenant, override: override, transport: t}
}

// sdkTimeout has to be given, or the SDK ends every request after five seconds. What
// ends them here is the context and the Policy.
const sdkTimeout = 24 * time.Hour

// noToken stands where the SDK wants a token. It never leaves this machine.
const noToken = "set-by-the-transport"

// base returns the SDK's client for requests under one context, of which the SDK knows
// nothing. RetryRequests stays off: its handler panics on a GET that is answered 429.
// The token has a lifetime, since with a static one the SDK fetches it anew for each
// request without a lock.
func (s *Services) base(ctx context.Context) (*services.BaseClient, error) {
	config := &services.Config{
		TokenRetriever: &idp.NoOpTokenRetriever{Context: &idp.Context{
			AccessToken: noToken, StartTime: time.Now().Unix(), ExpiresIn: int(2 * sdkTimeout / time.Second),
		}},
		Tenant: s.tenant, Timeout: sdkTimeout, RoundTripper: bound{ctx, s.transport},
	}
	if s.override != nil {
		config.OverrideHost, config.Scheme = s.override.Host, s.override.Scheme
	}
	return services.NewClient(config)
}

func (s *Services) search(ctx context.Context) (*search.Service, error) {
	base, err := s.base(ctx)
	if err != nil {
		return nil, err
	}
	return search.NewService(base), nil
}

func (s *Services) ingest(ctx context.Context) (*ingest.Service, error) {
	base, err := s.base(ctx)
	if err != nil {
		return nil, err
	}
	return ingest.NewService(base), nil
}

func (s *Services) kvstore(ctx context.Context) (*kvstore.Service, error) {
	base, err := s.base(ctx)
	if err != nil {
		return nil, err
	}
	return kvstore.NewService(base), nil
}
