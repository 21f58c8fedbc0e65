package chunked

import (
	"fmt"
	"strconv"

	"github.com/schtaskhunt/schtaskhunt/app/json"
)

// splunkdGetInfo is a getinfo request as splunkd 8.2 orders its keys.
type splunkdGetInfo struct {
	Action      string            `json:"action"`
	Preview     bool              `json:"preview"`
	WillRestart bool              `json:"streaming_command_will_restart"`
	SearchInfo  splunkdSearchInfo `json:"searchinfo"`
}

type splunkdSearchInfo struct {
	Args          []string `json:"args"`
	RawArgs       []string `json:"raw_args"`
	DispatchDir   string   `json:"dispatch_dir"`
	SID           string   `json:"sid"`
	App           string   `json:"app"`
	Owner         string   `json:"owner"`
	Username      string   `json:"username"`
	SessionKey    string   `json:"session_key"`
	SplunkdURI    string   `json:"splunkd_uri"`
	SplunkVersion string   `json:"splunk_version"`
	Search        string   `json:"search"`
	Command       string   `json:"command"`
	MaxResultRows int      `json:"maxresultrows"`
	EarliestTime  string   `json:"earliest_time"` // numbers in strings, as splunkd has it
	LatestTime    string   `json:"latest_time"`
}

// GetInfoMetadata is the metadata of a getinfo request, for the side that plays
// splunkd. It holds the session key: do not log it. streaming_command_will_restart was
// seen true with a preview (Splunk 8.2.1), and is undocumented.
func GetInfoMetadata(info SearchInfo, preview bool) ([]byte, error) {
	return json.Marshal(splunkdGetInfo{
		Action: ActionGetInfo, Preview: preview, WillRestart: preview,
		SearchInfo: splunkdSearchInfo{
			Args: orEmpty(info.Args), RawArgs: orEmpty(info.RawArgs),
			DispatchDir: info.DispatchDir, SID: info.SID, App: info.App,
			Owner: info.Owner, Username: info.Username, SessionKey: info.SessionKey.Reveal(),
			SplunkdURI: info.SplunkdURI, SplunkVersion: info.SplunkVersion,
			Search: info.Search, Command: info.Command, MaxResultRows: info.MaxResultRows,
			EarliestTime: epoch(info.EarliestTime), LatestTime: epoch(info.LatestTime),
		},
	})
}

// ExecuteMetadata is the metadata of an execute request; finished marks the last.
func ExecuteMetadata(finished bool) []byte {
	return []byte(`{"action":"execute","finished":` + strconv.FormatBool(finished) + `}`)
}

// ParseInfo decodes a reply to getinfo as strictly as splunkd: an unknown type or
// message level is an error, and so is a key order that would lose messages.
func ParseInfo(metadata []byte) (Info, error) {
	var info Info
	if err := parseReply(metadata, &info); err != nil {
		return Info{}, fmt.Errorf("reading getinfo reply: %w", err)
	}
	if info.Type == "" {
		info.Type = TypeStreaming // the protocol's default
	}
	if !info.Type.Valid() {
		return Info{}, fmt.Errorf("reading getinfo reply: invalid command type %q", info.Type)
	}
	return info, info.Inspector.check()
}

// ParseResult decodes the metadata of a reply to execute, as strictly.
func ParseResult(metadata []byte) (Result, error) {
	var result Result
	if err := parseReply(metadata, &result); err != nil {
		return Result{}, fmt.Errorf("reading execute reply: %w", err)
	}
	return result, result.Inspector.check()
}

func parseReply(metadata []byte, v any) error {
	keys, err := json.Keys(metadata)
	if err != nil {
		return err
	}
	failed := false
	for _, key := range keys {
		if key == "inspector" && failed {
			return fmt.Errorf("inspector comes after error: its messages would be lost")
		}
		failed = failed || key == "error"
	}
	return json.Unmarshal(metadata, v)
}

func (i *Inspector) check() error {
	if i == nil {
		return nil
	}
	for _, m := range i.Messages {
		if !m.Level.Valid() {
			return fmt.Errorf("message %q has the invalid level %q", m.Text, m.Level)
		}
	}
	return nil
}

// epoch spells a time as splunkd does; 0 is unbounded.
func epoch(seconds float64) string { return strconv.FormatFloat(seconds, 'f', -1, 64) }

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
