// Package azure gets tokens for Microsoft's services from where a person or a machine has its
// credentials: the environment, a workload's identity, a managed identity, the command line
// tool's login, a code typed on another device. No secret is an argument. All of it is done
// by Microsoft's own library.
package azure

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/schtaskhunt/schtaskhunt/app/cloud"
)

// Ways are where credentials may come from, the default first.
var Ways = []string{"auto", "environment", "workload", "managed", "cli", "device-code"}

// Options are what a credential needs to know.
type Options struct {
	Way    string // one of Ways
	Scope  string
	Prompt func(text string) // shows the message of a device's code
	// Client sends the requests for tokens; nil for the library's own.
	Client policy.Transporter
}

// Credential is a cloud.Authorizer with tokens that it renews. It is safe for concurrent use.
type Credential struct {
	options Options

	mu     sync.Mutex
	source azcore.TokenCredential
	token  azcore.AccessToken
	all    []cloud.Secret
}

// New returns a credential. It asks for no token yet.
func New(o Options) (*Credential, error) {
	c := &Credential{options: o}
	return c, c.open()
}

// early is how long before its end a token is renewed.
const early = 5 * time.Minute

// open makes the library's credential, which keeps the tokens that it got.
func (c *Credential) open() (err error) {
	client := azcore.ClientOptions{Transport: c.options.Client}
	switch c.options.Way {
	case "environment":
		c.source, err = azidentity.NewEnvironmentCredential(&azidentity.EnvironmentCredentialOptions{ClientOptions: client})
	case "workload":
		c.source, err = azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{ClientOptions: client})
	case "managed":
		c.source, err = azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{ClientOptions: client})
	case "cli":
		c.source, err = azidentity.NewAzureCLICredential(nil)
	case "device-code":
		c.source, err = azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{ClientOptions: client, UserPrompt: c.prompt})
	case "auto", "":
		c.source, err = azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{ClientOptions: client})
	default:
		err = fmt.Errorf("there is no way %q to credentials, want one of %s", c.options.Way, strings.Join(Ways, ", "))
	}
	if err != nil {
		return fmt.Errorf("%w: %w", cloud.ErrCredentials, err)
	}
	return nil
}

func (c *Credential) prompt(_ context.Context, m azidentity.DeviceCodeMessage) error {
	if c.options.Prompt != nil {
		c.options.Prompt(m.Message)
	}
	return nil
}

// Authorization implements cloud.Authorizer. A token that was refused is not used again: the
// library would give it once more, so that its memory is dropped.
func (c *Credential) Authorization(ctx context.Context, again bool) (cloud.Secret, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if again {
		if c.options.Way == "device-code" {
			return cloud.Secret{}, errors.New("the token was refused, and another code would have to be typed")
		}
		if c.token = (azcore.AccessToken{}); c.open() != nil {
			return cloud.Secret{}, cloud.ErrCredentials
		}
	}
	if c.token.Token == "" || time.Until(c.token.ExpiresOn) < early {
		token, err := c.source.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{c.options.Scope}})
		if err != nil {
			return cloud.Secret{}, fmt.Errorf("%w: %w", cloud.ErrCredentials, firstLines(err))
		}
		if token.Token != c.token.Token {
			c.all = append(c.all, cloud.NewSecret(token.Token))
		}
		c.token = token
	}
	return cloud.NewSecret("Bearer " + c.token.Token), nil
}

// Secrets are the tokens so far, which no output may hold.
func (c *Credential) Secrets() []cloud.Secret {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]cloud.Secret(nil), c.all...)
}

// firstLines is an error of the library without the answers that it repeats whole.
func firstLines(err error) error {
	var lines []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "---") {
			lines = append(lines, line)
		}
		if len(lines) == 12 {
			break
		}
	}
	return errors.New(strings.Join(lines, "; "))
}
