# What a person needs: make demo, make test. What CI runs: make verify.
# A recipe whose pipe fails has failed.
SHELL       := bash
.SHELLFLAGS := -o pipefail -ec

VERSION := 0.1.0
GO      := go
BINARY  := dist/schtaskhunt
# Static and without paths of the machine it was built on.
BUILD   := CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X github.com/schtaskhunt/schtaskhunt/app/cli.Version=$(VERSION) -X main.version=$(VERSION)'

# The plugins are compiled for the program's profile, as the program is: what they have in
# common is compiled once.
PROFILE := $(if $(findstring -pgo=,$(GOFLAGS)),,-pgo bin/schtaskhunt/default.pgo)

# Tests do without the compiler's profile: with it, all that the program is made of would
# be compiled once more for the tests of the program's own package. Nor do they carry what
# a debugger asks for, which takes a third of the time to link seventy programs; and make lint
# is what vets them. A package may take two minutes under the race detector on two quiet
# cores; the limits are for busy ones.
GOTEST  := $(GO) test -pgo=off -ldflags=-w -vet=off
LIMIT   := -timeout 20m

# What CI runs after make demo: these one after the other,
ALONE   := test lint race
# and these side by side, for none of them keeps two cores busy: they wait for a clock, a
# download, or one core.
BESIDE  := windows fuzz reproducible appinspect oracle notebook browser oracle-evtx vuln
CHECKS  := $(ALONE) $(BESIDE)

# What a check needs of Debian's. Checks that run side by side install one after the other.
INSTALL := flock Makefile sh -c 'apt-get update && apt-get install -y --no-install-recommends "$$@"' install

# Where the oracle and the real captures lie, beside the checkout; what needs them
# is skipped, and says so, where they are not.
SHARED  := ../shared

# Seconds for each fuzz target in make verify; make fuzz FUZZTIME=10m for longer.
FUZZTIME := 2s

GOLANGCI    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.1.4
TOOLS       := $(CURDIR)/.build/tools

# Splunk's checks of a package, from PyPI.
APPINSPECT_VERSION := 4.3.1
APPINSPECT         := .build/appinspect-$(APPINSPECT_VERSION)
PYTHON             := python3

.PHONY: build demo test record verify checks alone beside lint race fuzz oracle oracle-evtx vuln bench bench-stages bench-shapes bench-kql bench-evtx bench-machine bench-plugins bench-remote beacon-curves judge roots month profile replay package reproducible appinspect trace browser picture notebook windows dist clean
# What app/evtx is compared with, from PyPI.
EVTX_VERSION := 0.14.0
EVTX         := .build/evtx-$(EVTX_VERSION)


# The plugins are built for the same machine as the program; what names them runs here.
build: ## dist/schtaskhunt for this machine, and the plugins that come with it in dist/plugins
	@mkdir -p dist/plugins
	$(BUILD) -o $(BINARY) ./bin/schtaskhunt
	$(BUILD) $(PROFILE) -o dist/plugins/ ./bin/schtaskhunt-map-falcon ./bin/schtaskhunt-enrich-list
	@GOOS= GOARCH= $(GO) run ./bin/package -conf dist/plugins

demo: build ## the main job on bundled data
	./$(BINARY) hunt -o dist/demo-report.html testdata/demo/events.xml.gz

# The packages that take longest begin first, so that none of them is left to one core at the end.
LONGEST := ./app/bundle ./app/hunt ./app/cli $(addprefix ./app/trial/,invariance findings shares plugins)

test: ## every test that needs nothing but Go
	$(GOTEST) $(LIMIT) $(LONGEST) ./...

record: ## what the hunts in testdata/hunts print, written anew; read the difference
	$(GO) test -count=1 -run '^TestHunts$$' ./bin/schtaskhunt -record
	git diff --stat testdata/hunts

verify: $(CHECKS) ## all that CI checks

checks: # their names
	@echo $(CHECKS)

alone: # for .ci/run
	@echo $(ALONE)

beside:
	@echo $(BESIDE)

lint:
	@test -z "$$(gofmt -l app bin plugin)" || { gofmt -l app bin plugin; echo "run gofmt -w on these"; exit 1; }
	$(GO) vet -pgo=off -tags bench,oracle,browser,wine ./...
	$(GO) mod verify
	GOBIN=$(TOOLS) $(GO) install $(GOLANGCI)
	GOFLAGS="$$($(GO) env GOFLAGS) -pgo=off" $(TOOLS)/golangci-lint run --build-tags bench,oracle,browser,wine ./...

# Every program built for the race detector sleeps a second before it ends, to wait for
# races of goroutines that are left. Tests start hundreds.
race: ## the tests once more under the race detector, the long ones left out
	GORACE=atexit_sleep_ms=50 $(GOTEST) $(LIMIT) -short -race $(LONGEST) ./...

# The fuzzer would spend such short times on making its new inputs smaller, if it were let.
# Go's fuzzer now and then takes its own end of time for a failure of the target (Go issue
# 75804): with that message, and no other, a target runs once more.
# A package's targets are compiled once, instrumented, and run one by one from its folder.
fuzz: ## every fuzz target for FUZZTIME
	@mkdir -p .build
	@set -e; log=$(CURDIR)/.build/fuzz.log; program=$(CURDIR)/.build/fuzz.test; \
	for folder in $$(grep -rl --include='*_test.go' '^func Fuzz' app bin plugin | xargs -n 1 dirname | sort -u); do \
	  $(GOTEST) -c -fuzz . -o $$program ./$$folder; \
	  corpus=$$($(GO) env GOCACHE)/fuzz/$$($(GO) list ./$$folder); \
	  for target in $$(cd $$folder && $$program -test.list '^Fuzz'); do \
	    echo "fuzz $$target of ./$$folder for $(FUZZTIME)"; \
	    run() { (cd $$folder && $$program -test.run '^$$' -test.fuzz "^$$target\$$" -test.fuzztime $(FUZZTIME) -test.fuzzminimizetime 50x \
	      -test.fuzzcachedir "$$corpus" -test.timeout 20m); }; \
	    if ! run > $$log 2>&1; then \
	      cat $$log; grep -q '^ *context deadline exceeded$$' $$log || exit 1; \
	      ! grep -q 'Failing input' $$log || exit 1; run; \
	    fi; \
	  done; done

oracle: ## mode=kql against the query itself, and the hunt against mode=kql; needs node, npm and python3
	$(GOTEST) -count=1 -tags oracle -timeout 30m -run 'Differential|Metamorphic' -v ./app/kql ./app/trial/query | grep -v '^=== '

oracle-evtx: $(EVTX)/bin/python ## every field of the event logs beside the checkout against PyPI's evtx; needs python3
	EVTX_PYTHON=$(CURDIR)/$(EVTX)/bin/python $(GOTEST) $(LIMIT) -count=1 -tags oracle -run ThatOfPyPI -v ./app/evtx | grep -v '^=== '

$(EVTX)/bin/python:
	@rm -rf $(EVTX) && $(PYTHON) -m venv $(EVTX) && \
	  $(EVTX)/bin/pip install --quiet --disable-pip-version-check evtx==$(EVTX_VERSION) || \
	  { rm -rf $(EVTX); echo "oracle-evtx: evtx $(EVTX_VERSION) could not be installed from PyPI"; exit 1; }

vuln: ## known holes in what we depend on, against the database beside the checkout
	@if [ -f $(SHARED)/vulndb.tgz ]; then \
	  mkdir -p .build/vulndb && tar -xzf $(SHARED)/vulndb.tgz -C .build/vulndb && \
	  GOBIN=$(TOOLS) $(GO) install $(GOVULNCHECK) && \
	  $(TOOLS)/govulncheck -db "file://$$(dirname $$(find $(CURDIR)/.build/vulndb -name index -type d | head -n 1))" ./...; \
	else echo "vuln: no vulnerability database beside the checkout, nothing checked"; fi

# Needs node, npm and python3, and installs under .build the Splunk SDK and DuckDB, each
# in the version that app/bench/testdata pins. The largest fleet has BENCH_EVENTS events,
# 10,000,000 if not set, which takes 12 GB of disk; BENCH_ALLOW_MISS=1 lets missed targets
# pass.
bench: build bench-evtx ## the whole program, a pipe copy, the Python SDK and DuckDB on the same bytes
	@mkdir -p .build/bench
	BENCH_DIR=$(CURDIR)/.build/bench BENCH_BINARY=$(CURDIR)/$(BINARY) $(GO) test -count=1 -tags bench -timeout 3h -v ./app/bench

bench-stages: ## micro-benchmarks of each stage
	$(GO) test -timeout 1h -run '^$$' -bench . -benchmem ./app/...

bench-shapes: ## 10^6 processes of one device, 10^5 children, chains of 10^5, 10^6 connections of one process
	$(GO) test -count=1 -tags bench -timeout 30m -run HugeShapes -v ./app/trial/sizes | grep -v '^=== '

bench-plugins: build ## what the plugins add to a hunt in BENCH_EVENTS events, 1,000,000 if not set
	@mkdir -p .build/bench
	BENCH_DIR=$(CURDIR)/.build/bench BENCH_BINARY=$(CURDIR)/$(BINARY) $(GO) test -count=1 -tags bench -timeout 1h -run '^TestPlugins$$' -v ./app/bench

bench-remote: build ## what remote holds while it fetches BENCH_REMOTE_EVENTS events, 1,200,000 if not set
	@mkdir -p .build/bench
	BENCH_DIR=$(CURDIR)/.build/bench BENCH_BINARY=$(CURDIR)/$(BINARY) $(GO) test -count=1 -tags bench -timeout 1h -run '^TestRemote$$' -v ./app/bench

bench-kql: build ## mode=kql and DuckDB on 1,000,000 processes and 800,000 connections, in one run
	KQL_BENCH=$(CURDIR)/$(BINARY) $(GO) test -count=1 -tags oracle -timeout 30m -run AgainstDuckDB -v ./app/kql

# The seeds are fixed: the same program writes the same page.
judge: build ## channels planted in realistic fleets: how many are found first, without each part of the score and by published ways: tables in docs/scoring.md
	@mkdir -p .build/judge
	JUDGE_DIR=$(CURDIR)/.build/judge JUDGE_BINARY=$(CURDIR)/$(BINARY) $(GO) test -pgo=off -count=1 -tags judge -timeout 300m -run '^TestJudge$$' -v ./app/trial/judging

roots: ## each preset of root= in fleets of 300 devices and 14 days: what was planted in the last day among the first findings, and benign alerts: a table in docs/roots.md
	$(GO) test -count=1 -tags judge -timeout 180m -run '^TestRootMeasure$$' -v ./app/trial/judging

month: ## a month of a realistic fleet, each day hunted with the census of the days before and without: a table in docs/scale.md
	$(GO) test -count=1 -tags judge -timeout 180m -run '^TestMonth$$' -v ./app/trial/judging

beacon-curves: ## what the cadence score and RITA's time score detect: a table in docs/scoring.md, and docs/beacon-curves.svg
	$(GO) test -count=1 -tags bench -timeout 30m -run '^TestCurves$$' -v ./app/beacon

bench-evtx: $(EVTX)/bin/python ## a log of 1,000 chunks read here and by PyPI's evtx, by turns
	EVTX_BENCH=1 EVTX_PYTHON=$(CURDIR)/$(EVTX)/bin/python $(GO) test -count=1 -tags oracle -run AsFastAsPyPI -v ./app/evtx

bench-machine: build ## the first screen of one machine's log: 200 MB of EVTX
	BENCH_BINARY=$(CURDIR)/$(BINARY) $(GO) test -count=1 -tags bench -timeout 30m -run '^TestOneMachine$$' -v ./app/bench

# Worth repeating after what takes the time has changed; an old profile costs speed only.
profile: build ## what the compiler optimises the program for, from the fleet of make bench
	@mkdir -p .build/bench
	BENCH_PROFILE=$(CURDIR)/bin/schtaskhunt/default.pgo BENCH_DIR=$(CURDIR)/.build/bench BENCH_BINARY=$(CURDIR)/$(BINARY) \
	  $(GO) test -trimpath -count=1 -timeout 1h -tags bench -run '^TestProfile$$' -v ./app/bench

# Packed anew where what goes into it is newer.
PACKAGE := dist/schtaskhunt-$(VERSION).tgz
PACKED  := go.mod go.sum app bin default plugin spl
SOURCES := $(shell find $(PACKED) -type f ! -name '*_test.go' ! -path '*/testdata/*')

package: $(PACKAGE) ## the Splunk app: dist/schtaskhunt-$(VERSION).tgz, and the one for Splunk Cloud

$(PACKAGE): $(SOURCES)
	$(GO) run ./bin/package -version $(VERSION) -o dist

# A copy of the sources in another folder has to give the same bytes.
reproducible: package
	@rm -rf .build/again && mkdir -p .build/again
	@tar -cf - $(PACKED) | tar -xf - -C .build/again
	cd .build/again && $(GO) run ./bin/package -version $(VERSION) -o dist
	cmp dist/schtaskhunt-$(VERSION).tgz .build/again/dist/schtaskhunt-$(VERSION).tgz
	cmp dist/schtaskhunt-cloud-$(VERSION).tgz .build/again/dist/schtaskhunt-cloud-$(VERSION).tgz
	@rm -rf .build/again

appinspect: package ## Splunk's AppInspect on both packages; README.md lists what may remain
	@$(PYTHON) -c 'import ctypes.util, sys; sys.exit(not ctypes.util.find_library("magic"))' || \
	  $(INSTALL) libmagic1 || \
	  { echo "appinspect: libmagic is missing; as root: apt-get install libmagic1"; exit 1; }
	@test -x $(APPINSPECT)/bin/splunk-appinspect || \
	  { rm -rf $(APPINSPECT) && $(PYTHON) -m venv $(APPINSPECT) && \
	    $(APPINSPECT)/bin/pip install --quiet --disable-pip-version-check splunk-appinspect==$(APPINSPECT_VERSION); } || \
	  { rm -rf $(APPINSPECT); echo "appinspect: splunk-appinspect $(APPINSPECT_VERSION) could not be installed from PyPI"; exit 1; }
	$(GO) run ./bin/package -inspect $(APPINSPECT)/bin/splunk-appinspect dist/schtaskhunt-$(VERSION).tgz dist/schtaskhunt-cloud-$(VERSION).tgz

trace: ## what a search opens, seen by strace, against what the package declares
	@command -v strace >/dev/null || $(INSTALL) strace || \
	  { echo "trace: strace is missing; as root: apt-get install strace"; exit 1; }
	$(GOTEST) $(LIMIT) -count=1 -run '^TestDeclarationIsTheBehaviour$$' ./app/bundle

# The seeds are fixed: the same program writes the same table. REPLAY names fleets, as
# memory:devices:seed with census or week for what the alert has of the time before; if not
# set, 1,000 devices with the census and 300 without. 300 with the census take a minute and a
# half of a processor, of which half is their making.
replay: ## the app's alert by its schedule through a week of generated fleets: a table in docs/admin.md
	$(GO) test -count=1 -tags bench -timeout 180m -run '^TestReplay$$' -v ./app/bundle

# What looks at the report and at the drawings as their readers' programs do.
AXE_VERSION     := 4.10.3
MERMAID_VERSION := 11.17.2
SCRIPTS         := .build/scripts-$(AXE_VERSION)-$(MERMAID_VERSION)
CHROMIUM        ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

$(SCRIPTS):
	@rm -rf $@.part && mkdir -p $@.part && cd $@.part && \
	  npm install --no-save --silent --ignore-scripts axe-core@$(AXE_VERSION) mermaid@$(MERMAID_VERSION)
	@mv $@.part $@

browser: $(SCRIPTS) ## the report in a headless Chromium, with axe-core; Mermaid and Graphviz read the drawings
	@command -v dot >/dev/null && test -n "$(CHROMIUM)" || \
	  $(INSTALL) chromium graphviz || \
	  { echo "browser: chromium or graphviz is missing; as root: apt-get install chromium graphviz"; exit 1; }
	CHROMIUM="$${CHROMIUM:-$$(command -v chromium || command -v chromium-browser || command -v google-chrome)}" \
	  AXE=$(CURDIR)/$(SCRIPTS)/node_modules/axe-core/axe.min.js MERMAID=$(CURDIR)/$(SCRIPTS)/node_modules/mermaid/dist/mermaid.min.js \
	  $(GOTEST) -count=1 -tags browser -timeout 10m ./app/sink/page ./app/sink/graph

picture: build ## the picture of the report in README.md, made anew
	@mkdir -p .build
	./$(BINARY) hunt -q -o .build/report.html testdata/demo/events.xml.gz
	$(CHROMIUM) --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1200,760 \
	  --screenshot=$(CURDIR)/docs/report.png file://$(CURDIR)/.build/report.html

# The requirements decide which environment: other ones make another.
NOTEBOOK := .build/notebook-$(shell cksum < docs/notebook/requirements.txt | cut -d ' ' -f 1)

notebook: build $(NOTEBOOK)/bin/python ## docs/notebook/hunt.ipynb run by nbclient on bundled and generated events; needs python3
	SCHTASKHUNT=$(CURDIR)/$(BINARY) $(NOTEBOOK)/bin/python -W ignore docs/notebook/hunt_test.py

$(NOTEBOOK)/bin/python:
	@rm -rf .build/notebook-* && $(PYTHON) -m venv $(NOTEBOOK) && \
	  $(NOTEBOOK)/bin/pip install --quiet --disable-pip-version-check -r docs/notebook/requirements.txt || \
	  { rm -rf $(NOTEBOOK); echo "notebook: what docs/notebook/requirements.txt names could not be installed from PyPI"; exit 1; }

# Debian's wine64 lacks a library that Go's runtime asks for: one function, which is made here.
# The program is the one that the package has for Windows.
WINE   ?= $(shell command -v wine64 || ls /usr/lib/wine/wine64 2>/dev/null)
PREFIX := .build/wine

windows: build package $(PREFIX)/drive_c/windows/system32/bcryptprimitives.dll ## the Windows program under Wine: scripts, hunts, pages, plugins, spill, odd paths, Ctrl-C, colours
	@rm -rf .build/windows && mkdir -p .build/windows/full
	tar -xzf $(PACKAGE) -C .build/windows/full --strip-components=3 schtaskhunt/windows_x86_64/bin
	@cp .build/windows/full/schtaskhunt.exe .build/windows/
	$(GO) run ./bin/package -conf .build/windows/full/plugins
	WINE="$${WINE:-$$(command -v wine64 || echo /usr/lib/wine/wine64)}" WINEPREFIX=$(CURDIR)/$(PREFIX) WINEDEBUG=-all \
	  SCHTASKHUNT_WINDOWS=$(CURDIR)/.build/windows SCHTASKHUNT=$(CURDIR)/$(BINARY) \
	  $(GOTEST) -count=1 -tags wine -timeout 30m ./bin/schtaskhunt

$(PREFIX)/drive_c/windows/system32/bcryptprimitives.dll: testdata/wine/bcryptprimitives.c
	@test -n "$(WINE)" && command -v x86_64-w64-mingw32-gcc script >/dev/null || \
	  $(INSTALL) wine64 gcc-mingw-w64-x86-64 bsdutils || \
	  { echo "windows: wine64 or a compiler for Windows is missing; as root: apt-get install wine64 gcc-mingw-w64-x86-64"; exit 1; }
	@rm -rf $(PREFIX) && mkdir -p .build
	WINEPREFIX=$(CURDIR)/$(PREFIX) WINEDEBUG=-all "$${WINE:-$$(command -v wine64 || echo /usr/lib/wine/wine64)}" wineboot -i
	x86_64-w64-mingw32-gcc -shared -o $@ $< -ladvapi32

# Built twice they are the same bytes: make dist, and compare SHA256SUMS.
dist: ## archives for Linux, Windows and macOS with checksums and a list of what is in them
	$(GO) run ./bin/package -version $(VERSION) -o dist -archives

clean:
	rm -rf dist .build
