# Everything a person or a build machine does with this repository. `make` alone lists it.
#
# `scripts/setup` is run first where a target needs something: it uses what is installed, installs what it can
# (Debian packages as root; pinned cargo tools into target/tools), and otherwise says in one line what to install.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-edge bench-enumeration drill fuzz mutants schema env-example

export PATH := $(CURDIR)/target/tools/bin:$(PATH)

# How much `make bench` measures: small or large.
SIZE ?= small

# What `make drill` does: large or small; sqlite or postgres for one database; the name of a drill for that one alone.
DRILL ?= large

# Large drills are about the program as it is shipped. Small ones take it as it was built for the tests: the optimised one takes minutes
# to build, and serves no more than they ask for.
DRILL_PROFILE = $(if $(filter small,$(DRILL)),dev,release)

# How long `make fuzz` looks at each target.
SECONDS ?= 60

# What `make mutants` changes: what is allowed, sessions, tokens and the keys behind them, approval and what follows from it.
FILES ?= $(addprefix api/src/,policy.rs policy/*.rs \
    $(addprefix credentials/,access_token.rs browser_cookie.rs key_ring.rs link_*.rs open_session.rs secret_token.rs session.rs signing_key.rs) \
    $(addprefix domain/accounts/,log_*.rs refresh_session.rs revoke_*.rs sessions.rs) \
    $(addprefix domain/pairings/,accept.rs approve.rs confirm.rs obstacle.rs offer.rs recall.rs reject.rs transition.rs))

# Which tests `make mutants` runs. Over SQLite alone: a rule is the same over both databases, and each change is built and tested by
# itself. What reads the source or talks to other programs cannot notice a changed rule.
MUTANT_TESTS := --lib --test e2e -E 'package(api) | (test(/^(accounts|authorization|edge::socket_session|jobs|journey|matching::interest|pairings|privacy)/) & !test(/on_postgresql/))'

# Ways to log in that are off by default; with `tests`, those of `api` are on. Everything else is tested as it is shipped.
SIGN_IN := tests/oidc,tests/passkeys

# The mail server of a drill, which only root can start.
POSTFIX := $(if $(filter 0,$(shell id -u)),postfix)

# On a build machine every failure is wanted, not the first alone.
NEXTEST_PROFILE ?= $(if $(CI),ci,default)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and start the marketplace with demo data on SQLite (state in run/)
	@scripts/setup compiler rust
	MARKETPLACE_HOLD_MINUTES=$${MARKETPLACE_HOLD_MINUTES-1} cargo run --locked --package api -- demo

test: ## Run every test, on SQLite and on PostgreSQL
	@scripts/setup compiler rust nextest postgresql node calendars signatures faketime $(POSTFIX)
	$(if $(POSTFIX),,@echo 'left out: the drills with Postfix and with a full disk, which only root can prepare')
	cargo nextest run --workspace --locked --profile $(NEXTEST_PROFILE) $(if $(POSTFIX),,-E 'not test(/^drills::as_root/)')
	cargo nextest run --package api --package tests --features $(SIGN_IN) --lib --test sign_in --locked --profile $(NEXTEST_PROFILE)

check: ## Check formatting, lints, documentation, shell scripts and dependencies
	@scripts/setup compiler rust deny shellcheck
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- --deny warnings
	cargo clippy --package api --package tests --features $(SIGN_IN) --lib --bins --test sign_in --locked -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc --workspace --no-deps --locked
	shellcheck .ci/run scripts/*
	scripts/check-dependencies

bench: ## Measure the matcher, and beside other programs (SIZE=large for more; results in docs/benchmarks.md)
	@scripts/setup compiler rust postgresql lemon peers
	MATCHER_BENCH=$(SIZE) cargo bench --locked --package matcher
	target/peers/venv/bin/python matcher/benches/peers/compare.py $(SIZE)

bench-edge: ## Measure what documents out of proportion and broken requests take
	@scripts/setup compiler rust
	cargo bench --locked --package tests --bench edge

bench-enumeration: ## Measure whether the time of an answer tells known addresses from unknown ones
	@scripts/setup compiler rust postgresql
	cargo bench --locked --package tests --bench enumeration

drill: ## Kill the program, break its database and its mail relay, and see what is lost (DRILL=small for a short one; docs/drills.md)
	@scripts/setup compiler rust postgresql postfix faketime
	cargo build --locked --profile $(DRILL_PROFILE) --workspace --bin marketplace --bench drill
	cargo bench --locked --profile $(DRILL_PROFILE) --workspace --bench drill -- $(DRILL)

fuzz: ## Fuzz what strangers send, each target for a minute (SECONDS=600 for longer)
	@scripts/setup compiler rust fuzz
	scripts/fuzz $(SECONDS)

# cargo-mutants would try the unchanged source by the tests of `api` alone, which have no e2e: all of them are run before.
mutants: ## Change permissions, sessions, tokens and approval a little, one change at a time: which does no test notice? (hours; FILES=…)
	@scripts/setup compiler rust nextest mutants
	cargo nextest run --locked --package api --package tests $(MUTANT_TESTS)
	cargo mutants --output target --jobs 1 --baseline skip --timeout 1200 $(foreach file,$(FILES),--file '$(file)') -- $(MUTANT_TESTS)

schema: ## Print the GraphQL schema into schema.graphql
	@scripts/setup compiler rust
	cargo run --quiet --locked --package api -- schema > target/schema.graphql
	mv target/schema.graphql schema.graphql

env-example: ## Print every setting into .env.example
	@scripts/setup compiler rust
	cargo run --quiet --locked --package api -- env-example > target/env-example
	mv target/env-example .env.example
