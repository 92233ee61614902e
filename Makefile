# Every task a developer types. `make` alone lists them. Tools come from scripts/bootstrap, their places from scripts/env.sh.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
# bash reads this file before each line of a recipe.
export BASH_ENV := $(CURDIR)/scripts/env.sh

CARGO_TARGET_DIR ?= target
export CARGO_TARGET_DIR := $(abspath $(CARGO_TARGET_DIR))

ASSAY := target/release/assay
# What runs on this machine, the cloud's twins included. The page is built apart: together, cargo would compile what both
# depend on with the features of both, and nothing would be shared with the release build or with `cargo test -p backend`.
HOST := -p shared -p backend --features backend/cloud
# Arguments of the browser tests and of the benchmarks, for example `make bench ARGS="--only search"`.
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run build site test checks fmt lint deny doc tidy test-rust wasm e2e bench study kill-test fault-test deploy-check tools

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: build ## everything from nothing: tools, build, a first run, then http://127.0.0.1:8787
	@$(ASSAY) query 'SELECT run_id FROM model_runs_latest' >/dev/null 2>&1 || $(ASSAY) run || [ $$? = 3 ]
	@$(ASSAY) serve

build: site ## the program with the page inside: target/release/assay
	@cargo build --release --locked -p backend --bin assay
	@scripts/place-binary "$(CARGO_TARGET_DIR)/release" target/release

site: tools ## the page: frontend/dist, if anything it is made of changed
	@scripts/site

tools: # what building needs, if something is missing
	@scripts/bootstrap run

test: ## every check, and the time of each
	@scripts/bootstrap test
	@scripts/checks

fmt: ## format the Rust code
	@cargo fmt --all

lint: tools ## clippy, with every warning an error
	@cargo clippy $(HOST) --all-targets --locked --keep-going -- -D warnings
	@cargo clippy -p frontend --all-targets --locked --keep-going -- -D warnings

deny: ## licences, advisories and sources of dependencies
	@scripts/deny

doc: tools ## the code's documentation, with every warning an error
	@RUSTDOCFLAGS="-D warnings" cargo doc $(HOST) --no-deps --document-private-items --locked
	@RUSTDOCFLAGS="-D warnings" cargo doc -p frontend --no-deps --document-private-items --locked

tidy: tools ## the house rules that no compiler checks
	@cargo test $(HOST) --locked --test tidy

test-rust: tools ## the Rust tests
	@cargo test $(HOST) --locked
	@cargo test -p frontend --locked

wasm: tools ## whether the shared crate builds for the browser (the page itself: make site)
	@scripts/wasm cargo check -p shared --target wasm32-unknown-unknown --locked

# The program as the Rust tests have built it: a release build would compile all of DataFusion and Polars once more.
e2e: site ## the tests in a real browser
	@scripts/bootstrap test
	@cargo test $(HOST) --locked --no-run
	@cd e2e && ASSAY_BIN="$${ASSAY_BIN:-$(CARGO_TARGET_DIR)/debug/assay}" npx playwright test $(ARGS)

bench: site ## Assay against Python on the same input
	@scripts/bootstrap bench
	@cargo build --release --locked -p backend --bin assay --examples
	@scripts/place-binary "$(CARGO_TARGET_DIR)/release" target/release
	@"$$ASSAY_TOOLS/bench/bin/python" bench/run.py $(ARGS)

kill-test: build ## 100 runs killed at random moments
	@scripts/kill-test $(ARGS)

study: build ## the fair model's record, ladder, null worlds and targets
	@scripts/study $(ARGS)

fault-test: build ## a run against each fault of the vendors
	@scripts/fault-test $(ARGS)

deploy-check: ## the AWS template: lint, grants, agreement with the program; then a weekday on stand-ins of AWS
	@scripts/bootstrap test
	@cargo build --locked -p backend --features cloud --bins
	@scripts/deploy-check --all $(ARGS)
