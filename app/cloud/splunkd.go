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

	"github.com/schtaskhunt/schtaskhunt/app/json"
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
	pages  pageReader
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
		job.pages = pageReader{most: s.transport.Policy.MaxPage, row: int64(s.transport.Policy.MaxRow)}
		err = job.start(ctx, form)
		var status *StatusError
		if errors.As(err, &status) && status.Code == http.StatusNotFound {
			continue
		}
		if err != nil && !mayBeThere(err) && ctx.Err() == nil {
			return nil, err // and nothing to cancel
		}
		return job, err
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
	ctx, cancel := j.server.transport.Policy.within(ctx)
	defer cancel()
	p := j.server.transport.Policy
	for attempt := 1; ; attempt++ {
		err := j.create(ctx, form)
		if err == nil || !mayBeThere(err) || ctx.Err() != nil {
			return err
		}
		if _, there := j.look(ctx); there == nil {
			return nil
		}
		if wait := p.backOff(attempt); attempt >= p.Attempts || !worthRepeating(err) || runsOut(ctx, wait) {
			return err
		} else if stopped := sleep(ctx, wait); stopped != nil {
			return stopped
		}
	}
}

// create asks for the job once.
func (j *splunkdJob) create(ctx context.Context, form url.Values) error {
	const what = "starting the search"
	text, err := j.server.call(ctx, http.MethodPost, j.jobs, form, what)
	if err != nil {
		return err
	}
	var reply struct {
		SID string `json:"sid"`
	}
	if json.Unmarshal(text, &reply) != nil || reply.SID == "" {
		return &UnsureError{notAnswered(what, text)}
	}
	return nil
}

// notAnswered is an answer that is none of splunkd's.
func notAnswered(what string, text []byte) error {
	return fmt.Errorf("%s: the answer is none of splunkd's (%s)", what, glimpse(text))
}

// mayBeThere reports whether there may be a job after all. Its id is ours, so that one
// that is there already (409) is this one.
func mayBeThere(err error) bool {
	unsure, status := (*UnsureError)(nil), (*StatusError)(nil)
	if errors.As(err, &unsure) {
		return true
	}
	return errors.As(err, &status) && (status.Code == http.StatusConflict || isTrouble(status.Code))
}

// isTrouble reports whether a server failed rather than refused.
func isTrouble(code int) bool {
	return code == http.StatusInternalServerError || code == http.StatusBadGateway || code == http.StatusGatewayTimeout
}

func (j *splunkdJob) path(below string) string { return j.jobs + "/" + j.id + below }

// ID implements Job.
func (j *splunkdJob) ID() string { return j.id }

// Cancel implements Job.
func (j *splunkdJob) Cancel(ctx context.Context) error {
	const what = "cancelling the search"
	text, err := j.server.call(repeatable(ctx), http.MethodPost, j.path("/control"), url.Values{"action": {"cancel"}, "output_mode": {"json"}}, what)
	if status := (*StatusError)(nil); errors.As(err, &status) && status.Code == http.StatusNotFound {
		return nil // it is gone already
	}
	if err != nil {
		return err
	}
	if !isObject(text) {
		return notAnswered(what, text)
	}
	return nil
}

// Page implements Job.
func (j *splunkdJob) Page(ctx context.Context, offset, count int) (Page, error) {
	p := j.server.transport.Policy
	ctx, cancel := p.within(ctx)
	defer cancel()
	query := url.Values{"output_mode": {"csv"}, "offset": {strconv.Itoa(offset)}, "count": {strconv.Itoa(count)}}
	what := fmt.Sprintf("fetching results from %d on", offset)
	for attempt := 1; ; attempt++ {
		page, err := j.page(ctx, query, what)
		if !errors.Is(err, errCut) {
			return page, err
		}
		wait := p.backOff(attempt)
		if attempt >= p.Attempts || !worthRepeating(err) || runsOut(ctx, wait) {
			return Page{}, fmt.Errorf("%s: %w", what, err)
		}
		if err := sleep(ctx, wait); err != nil {
			return Page{}, err
		}
	}
}

func (j *splunkdJob) page(ctx context.Context, query url.Values, what string) (Page, error) {
	resp, err := j.server.send(withKind(ctx, kind{repeatable: true, page: true}), http.MethodGet, j.path("/results"), query, what)
	if err != nil {
		return Page{}, expiredJob(err)
	}
	defer func() { _ = resp.Body.Close() }()
	page, err := j.pages.read(resp)
	if errors.Is(err, errWebPage) {
		err = fmt.Errorf("%s: %w", what, err)
	}
	return page, err
}

// isObject reports whether an answer is a JSON object, as all of splunkd's are.
func isObject(text []byte) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal(text, &object) == nil
}

// expiredJob says what a 404 means for a job that was there.
func expiredJob(err error) error {
	if status := (*StatusError)(nil); errors.As(err, &status) && status.Code == http.StatusNotFound {
		status.hints = "; the search job is gone: it expired, or somebody deleted it. Search again"
	}
	return err
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
		return nil, fmt.Errorf("%s: %w", what, withoutAddress(err))
	}
	if err := check(resp, what); err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	return resp, nil
}
