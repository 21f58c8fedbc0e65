# What a person needs: make demo, make test. What CI runs: make verify.
VERSION := 0.1.0
GO      := go
BINARY  := dist/schtaskhunt
# Static and without paths of the machine it was built on.
BUILD   := CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X github.com/schtaskhunt/schtaskhunt/app/cli.Version=$(VERSION)'

# Where the oracle and the real captures lie, beside the checkout; what needs them
# is skipped, and says so, where they are not.
SHARED  := ../shared

# Seconds for each fuzz target in make verify; make fuzz FUZZTIME=10m for longer.
FUZZTIME := 4s

GOLANGCI    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.1.4
TOOLS       := $(CURDIR)/.build/tools

.PHONY: build demo test verify lint race fuzz vuln bench clean

build: ## dist/schtaskhunt for this machine
	@mkdir -p dist
	$(BUILD) -o $(BINARY) ./bin/schtaskhunt

demo: build ## the main job on bundled data
	./$(BINARY) hunt --format table testdata/demo/events.xml.gz

test: ## every test that needs nothing but Go
	$(GO) test ./...

verify: test lint race fuzz vuln ## all that CI checks

lint:
	@test -z "$$(gofmt -l app bin)" || { gofmt -l app bin; echo "run gofmt -w on these"; exit 1; }
	$(GO) vet ./...
	$(GO) mod verify
	GOBIN=$(TOOLS) $(GO) install $(GOLANGCI)
	$(TOOLS)/golangci-lint run ./...

race: ## the tests once more under the race detector, the long ones left out
	$(GO) test -short -race ./...

fuzz: ## every fuzz target for FUZZTIME
	@set -e; for package in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
	    echo "fuzz $$target of $$package for $(FUZZTIME)"; \
	    $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
	  done; done

vuln: ## known holes in what we depend on, against the database beside the checkout
	@if [ -f $(SHARED)/vulndb.tgz ]; then \
	  mkdir -p .build/vulndb && tar -xzf $(SHARED)/vulndb.tgz -C .build/vulndb && \
	  GOBIN=$(TOOLS) $(GO) install $(GOVULNCHECK) && \
	  $(TOOLS)/govulncheck -db "file://$$(dirname $$(find $(CURDIR)/.build/vulndb -name index -type d | head -n 1))" ./...; \
	else echo "vuln: no vulnerability database beside the checkout, nothing checked"; fi

bench: ## micro-benchmarks of each stage
	$(GO) test -run '^$$' -bench . -benchmem ./app/...

clean:
	rm -rf dist .build
