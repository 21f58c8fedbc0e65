package cloud

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Splunkd is the REST API of splunkd, at its management port.
type Splunkd struct {
	address   *url.URL
	namespace string // path below which the search endpoints lie
	transport *Transport
}

// plainName is what names of apps, indexes, tenants and collections are made of, here
// where they become part of a path or a search.
var plainName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

// CheckName refuses a name that could be more than a name.
func CheckName(text string) (string, error) {
	if !plainName.MatchString(text) || strings.Contains(text, "..") {
		return "", fmt.Errorf("%q is not a name of letters and digits, with _ - . within", text)
	}
	return text, nil
}

// NewSplunkd returns a client for the splunkd at address. app is whose fields and macros
// searches see; "" is the user's default.
func NewSplunkd(address *url.URL, app string, t *Transport) *Splunkd {
	namespace := "services"
	if app != "" {
		namespace = "servicesNS/nobody/" + app
	}
	return &Splunkd{address: address, namespace: namespace, transport: t}
}

// splunkdJob is a job of splunkd. The search endpoints exist in two versions: the
// first is deprecated, the second came with 9.0.
type splunkdJob struct {
	server *Splunkd
	id     string
	jobs   string // path of the jobs
	limit  int
}

var jobPaths = []string{"search/v2/jobs", "search/jobs"}

// idleSeconds is after how long without a question splunkd ends a job itself: so no
// search outlives a client that was killed.
const idleSeconds = "300"

// Start implements Remote. The job's id is ours, so that a request whose answer was
// lost is neither sent twice nor left behind.
func (s *Splunkd) Start(ctx context.Context, q Search) (Job, error) {
	form := searchForm(q)
	form.Set("id", newID())
	form.Set("exec_mode", "normal")
	form.Set("auto_cancel", idleSeconds)
	form.Set("max_count", strconv.Itoa(q.Max))
	var err error
	for _, path := range jobPaths {
		job := &splunkdJob{server: s, id: form.Get("id"), jobs: path, limit: q.Max}
		err = job.start(ctx, form)
		var status *StatusError
		if !errors.As(err, &status) || status.Code != http.StatusNotFound {
			return job, err
		}
	}
	return nil, err
}

func newID() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	return "schtaskhunt_" + hex.EncodeToString(random[:])
}

// searchForm is what all ways of starting a search take.
func searchForm(q Search) url.Values {
	form := url.Values{
		"search": {SPL(q)}, "output_mode": {"json"},
		// Fields are extracted only if the search names them, which it does.
		"adhoc_search_level": {"fast"},
	}
	if q.Earliest != "" {
		form.Set("earliest_time", q.Earliest)
	}
	if q.Latest != "" {
		form.Set("latest_time", q.Latest)
	}
	return form
}

// start creates the job. When that leaves it open whether there is one now, it looks
// before it tries once more.
func (j *splunkdJob) start(ctx context.Context, form url.Values) error {
	const what = "starting the search"
	for attempt := 1; ; attempt++ {
		_, err := j.server.call(ctx, http.MethodPost, j.jobs, form, what)
		if unsure := (*UnsureError)(nil); !errors.As(err, &unsure) || ctx.Err() != nil {
			return err
		}
		if _, there := j.Status(ctx); there == nil {
			return nil
		}
		if attempt >= j.server.transport.Policy.Attempts {
			return err
		}
	}
}

func (j *splunkdJob) path(below string) string { return j.jobs + "/" + j.id + below }

// ID implements Job.
func (j *splunkdJob) ID() string { return j.id }

// Cancel implements Job.
func (j *splunkdJob) Cancel(ctx context.Context) error {
	_, err := j.server.call(repeatable(ctx), http.MethodPost, j.path("/control"), url.Values{"action": {"cancel"}, "output_mode": {"json"}}, "cancelling the search")
	return err
}

// Page implements Job.
func (j *splunkdJob) Page(ctx context.Context, offset, count int) (Page, error) {
	query := url.Values{"output_mode": {"csv"}, "offset": {strconv.Itoa(offset)}, "count": {strconv.Itoa(count)}}
	what := fmt.Sprintf("fetching results from %d on", offset)
	for attempt := 1; ; attempt++ {
		page, err := j.page(ctx, query, what)
		if !errors.Is(err, errCut) {
			return page, err
		}
		if attempt >= j.server.transport.Policy.Attempts {
			return Page{}, fmt.Errorf("%s: %w", what, err)
		}
		if err := sleep(ctx, j.server.transport.Policy.backOff(attempt)); err != nil {
			return Page{}, err
		}
	}
}

func (j *splunkdJob) page(ctx context.Context, query url.Values, what string) (Page, error) {
	resp, err := j.server.send(ctx, http.MethodGet, j.path("/results"), query, what)
	if err != nil {
		return Page{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return Page{}, err
	}
	page, err := newPage(text)
	if errors.Is(err, errCut) && framed(resp) {
		return page, nil // all has come, so that the row is broken on the server
	}
	return page, err
}

// call sends a request and returns the body of its answer: values as a form, or as the
// query of a GET.
func (s *Splunkd) call(ctx context.Context, method, path string, values url.Values, what string) ([]byte, error) {
	resp, err := s.send(ctx, method, path, values, what)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	return io.ReadAll(resp.Body)
}

func (s *Splunkd) send(ctx context.Context, method, path string, values url.Values, what string) (*http.Response, error) {
	target := s.address.JoinPath(s.namespace, path)
	var body io.Reader
	if method == http.MethodGet {
		target.RawQuery = values.Encode()
	} else {
		body = strings.NewReader(values.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, target.String(), body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := client(s.transport).Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if err := check(resp, what); err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	return resp, nil
}
