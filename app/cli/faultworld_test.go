//go:build !noremote

package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/csv"
	"encoding/json"
	"math/big"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/schtaskhunt/schtaskhunt/app/cloud/pretended"
)

// world is a Splunk and a collector, with few events in which something is found.
type world struct {
	splunkd   *pretended.Splunkd
	collector *pretended.Collector
	caFile    string
}

// fewEvents are those of one device of the demo in which something is found.
var fewEvents = sync.OnceValue(func() pretended.Table {
	t := &testing.T{}
	all := indexed(t, demoEvents, "raw")
	out, _, _ := cli(append(append([]string{"hunt"}, huntArgs...), demoEvents)...)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		panic(err)
	}
	device := rows[1][slices.Index(rows[0], "device")]
	few := pretended.Table{Header: all.Header}
	for _, row := range all.Rows {
		if strings.Contains(strings.ToLower(strings.Join(row, " ")), strings.ToLower(device)) {
			few.Rows = append(few.Rows, row)
		}
	}
	return few
})

// startWorld starts the servers; certify is as of pretended, for both.
func startWorld(t testing.TB, secure bool, splunkd, collector func(int) *tls.Certificate) *world {
	t.Helper()
	w := &world{collector: &pretended.Collector{Token: hecToken, Index: "findings"}}
	w.collector.Certify = collector
	w.splunkd = &pretended.Splunkd{Token: token, User: "hunter", Password: password, Events: fewEvents(), Findings: w.collector}
	w.splunkd.Certify = splunkd
	w.caFile = pretended.StartSplunkd(t, w.splunkd, secure)
	if secure {
		pretended.StartSecureCollector(t, w.collector)
	} else {
		pretended.StartCollector(t, w.collector)
	}
	return w
}

// faultMemory is the limit of memory of the runs, in MB.
const faultMemory = 128

func (w *world) args(more ...string) []string {
	args := remoteArgs(w.splunkd.URL, "--max-mem-mb", strconv.Itoa(faultMemory), "--findings", "hec", "--hec-url", w.collector.URL, "--findings-index", "findings")
	if w.caFile != "" {
		args = append(args, "--ca-file", w.caFile)
	}
	return append(args, more...)
}

// written counts how often each finding is in the index.
func (w *world) written(t testing.TB) map[string]int {
	t.Helper()
	times := map[string]int{}
	for _, text := range w.collector.Events() {
		var e struct {
			ID string `json:"row_id"`
		}
		if err := json.Unmarshal([]byte(text), &e); err != nil || e.ID == "" {
			t.Fatalf("%s: %v", text, err)
		}
		times[e.ID]++
	}
	return times
}

func strangerCertificate(t *testing.T) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}
