package cloud

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"
)

// ParseAddress reads the address of a server: https with a host and a port, or http on
// this machine only, since a secret goes there. A path, a query or a user's name in it
// are refused; no error repeats the address, which may hold a password.
func ParseAddress(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return nil, errors.New("the address is not one such as https://splunk.example:8089")
	case u.User != nil:
		return nil, errors.New("the address holds a user name or password: give these as the environment or a file has them")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("the address has more than a scheme, a host and a port")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, errors.New("the address is http://, which would send secrets and events in the clear: use https://")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("the address does not begin with https://")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// loopback reports whether a host is this machine. Names other than localhost are
// whatever a resolver says.
func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// NewBase returns the transport below Transport. Certificates are always verified:
// against the system's authorities, or those in caFile alone.
func NewBase(caFile string) (http.RoundTripper, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile != "" {
		pem, err := os.ReadFile(caFile)
		if err != nil {
			return nil, fmt.Errorf("reading the certificate authorities in %q: %w", caFile, bare(err))
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%q holds no certificate in PEM form", caFile)
		}
	}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:     config,
		TLSHandshakeTimeout: 30 * time.Second,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 2,
		IdleConnTimeout:     time.Minute,
	}, nil
}

// client returns an HTTP client over the transport. Transport ends redirects itself.
func client(t *Transport) *http.Client { return &http.Client{Transport: t} }
