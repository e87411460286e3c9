# One command does each thing; `make help` lists them. CI runs `make test` and nothing else.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
PYTHON ?= python3
PREFIX ?= /usr/local

BINARY := $(CURDIR)/.build/release/gangway
SOURCES := Sources Tests Package.swift
# On Linux the Swift runtime goes into the binary, so that it runs where no Swift is; on macOS it is part of the system.
STATIC := $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib)
# Where the demo's files go, inside the folder of exports.
DEMO := notebooks-export/eta
BENCH_RIVALS := Sources/Tools/Bench/rivals
# The quick set and the large one need the first environment, or the first two.
BENCH_NEEDS := $(foreach name,main $(if $(findstring --quick,$(BENCH)),,sqlite $(if $(findstring --large,$(BENCH)),,feast)),.venv-bench/$(name)/made)

.PHONY: help build demo test bench lint format flights install clean needs needs-swift

help: ## Lists these commands.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1@\2/p' $(firstword $(MAKEFILE_LIST)) | column -t -s @ 2>/dev/null \
	  || sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1: \2/p' $(firstword $(MAKEFILE_LIST))

build: needs ## Builds the release binary, .build/release/gangway.
	$(SWIFT) build -c release $(STATIC) --product gangway

demo: build ## Closes the loop on a made-up freight company: raw tables, features, training set, model, predictions, mart. No network.
	@mkdir -p "$(DEMO)"
	@$(BINARY) sample freight freight.sqlite --shipments 50000 --seed 7
	@$(BINARY) check
	@$(BINARY) build
	@$(BINARY) materialize
	@echo "The training set:"
	@$(BINARY) export eta --out "$(DEMO)/training.zip"
	@echo "A second opinion, from the raw tables alone, in plain Python:"
	@$(PYTHON) features/verify.py "$(DEMO)/training.zip"
	@echo "What is to be scored, in the same columns:"
	@$(BINARY) export eta --for scoring --out "$(DEMO)/scoring.zip"
	@$(PYTHON) examples/baseline.py "$(DEMO)/training.zip" "$(DEMO)/scoring.zip" "$(DEMO)/predictions.csv"
	@echo "The predictions become a module, and the mart joins it:"
	@$(BINARY) register eta_prediction "$(DEMO)/predictions.csv" --model-version baseline-1 \
	  --trained-on "$(DEMO)/training.zip" --scored-from "$(DEMO)/scoring.zip" --meta learner=ridge --promote
	@$(BINARY) build mart_shipment
	@$(BINARY) lineage mart_shipment
	@$(PYTHON) examples/look_at_mart.py freight.sqlite
	@printf '%s\n' "" \
	  "Made, of 50,000 shipments in raw tables that are late, corrected and doubled on purpose:" \
	  "  freight.sqlite     the warehouse: raw tables, and the modules that were built of them" \
	  "  .gangway/          the store: snapshots of $$(grep -c '^  - name' features/feature_views.yml) feature views" \
	  "  $(DEMO)/      the training set, each value as it was known when the shipment was booked; what was scored; the predictions" \
	  "  mart_shipment      in the warehouse: a prediction beside what became of the shipment, for SQL, BI tools and pandas" \
	  "" \
	  "Next:" \
	  "  features/README.md                    what there is to see, file by file" \
	  "  features/feature_views.yml            add a window to a feature, then: .build/release/gangway export eta" \
	  "  features/outputs.yml, marts.yml       what the model says, and where analysts find it" \
	  "  .build/release/gangway init my_shop   start a project of your own" \
	  "  make flights                          the same for 336,776 real flights"

flights: build ## Loads a year of real flights (8.7 MB, downloaded once), exports a training set and checks its numbers.
	@cd examples/flights && { test -x .venv/bin/python || $(PYTHON) -m venv .venv; }
	@cd examples/flights && { test -f flights.sqlite || .venv/bin/python load.py flights.sqlite; }
	@$(BINARY) -C examples/flights check
	@$(BINARY) -C examples/flights build
	@$(BINARY) -C examples/flights materialize
	@$(BINARY) -C examples/flights export late_arrival
	@$(PYTHON) examples/flights/verify.py

test: needs ## Everything that CI asks: formatting, build, tests, and the demo's archive read from outside.
	@SWIFT="$(SWIFT)" $(PYTHON) .ci/test.py

bench: build $(BENCH_NEEDS) ## Measures beside DuckDB, Polars, pandas and Feast, an hour; BENCH=--quick takes two minutes, BENCH=--help lists more.
	$(SWIFT) build -c release $(STATIC) --product Bench
	@.build/release/Bench $(BENCH)

# A rival that cannot be installed is left out of the runs, which say so; without the first environment there are none.
.venv-bench/%/made: $(BENCH_RIVALS)/requirements-%.txt
	@rm -rf $(@D) && $(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $< && touch $@ \
	  || { rm -rf $(@D); echo "make: no environment $(@D)" >&2; test $* != main; }

lint: needs-swift ## Says where the formatting is not as .swift-format wants it.
	$(SWIFT) format lint --strict --recursive $(SOURCES)

format: needs-swift ## Mends the formatting in place.
	$(SWIFT) format --in-place --recursive $(SOURCES)

install: build ## Copies the binary to PREFIX/bin (default /usr/local; PREFIX=~/.local needs no rights).
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 "$(BINARY)" "$(DESTDIR)$(PREFIX)/bin/gangway"

clean: ## Removes what was built and what the examples made; downloads stay.
	rm -rf .build .bench
	rm -rf .gangway notebooks-export/*/ features/__pycache__
	rm -f freight.sqlite freight.sqlite-*
	rm -rf examples/*/.gangway examples/*/notebooks-export examples/*/.venv examples/*/__pycache__
	rm -f examples/*/*.sqlite examples/*/*.sqlite-wal examples/*/*.sqlite-shm examples/*/*.sqlite.part

needs-swift:
	@command -v $(firstword $(SWIFT)) >/dev/null || { echo "make: Swift 6.2 or newer is needed: https://www.swift.org/install" >&2; exit 1; }

# What SwiftPM cannot fetch. Installs only what is missing, and calls nothing if all is there.
needs: needs-swift
	@missing=; \
	command -v pkg-config >/dev/null || missing="$$missing pkg-config"; \
	pkg-config --exists sqlite3 2>/dev/null || missing="$$missing libsqlite3-dev"; \
	pkg-config --exists libarchive 2>/dev/null || missing="$$missing libarchive-dev"; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || missing="$$missing python3-venv"; \
	test -n "$$missing" || exit 0; \
	if ! command -v apt-get >/dev/null; then \
	  echo "make: this is no Debian or Ubuntu, so please install what is missing yourself: the equivalents of$$missing" >&2; \
	  echo "make: (macOS: brew install pkg-config libarchive, and put \$$(brew --prefix libarchive)/lib/pkgconfig on PKG_CONFIG_PATH)" >&2; \
	  exit 1; \
	fi; \
	rights=; \
	if test "$$(id -u)" != 0; then \
	  command -v sudo >/dev/null || { echo "make: as root, please: apt-get install$$missing" >&2; exit 1; }; \
	  rights="sudo"; \
	fi; \
	echo "make: installing$$missing"; \
	$$rights env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null 2>&1 \
	  || { $$rights apt-get update -qq; $$rights env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; }
