# Everything runs in .venv, which make builds from the lock file: a fresh machine needs make and Python 3.11 or newer.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help up test fast simulation e2e check lint bench lock

help: ## this list
	@sed -n 's/^\([a-z0-9]*\):.*## /  make \1\t/p' Makefile | expand -t 20

up: $(READY) ## the sentinel on this machine, until Ctrl-C; its settings are told in infra/local/up.py
	@$(BIN)/python -m infra.local.up

test: fast simulation e2e ## all tests

fast: $(READY) ## the tests that need neither a local stack nor patience
	$(BIN)/pytest -m "not e2e and not simulation" -n 2 -q

simulation: $(READY) ## weeks of a simulated company, for each seed
	$(BIN)/pytest -m simulation -n 2 -q

e2e: $(READY) ## the tests that run against the local stack
	$(BIN)/pytest -m e2e -q

lint: $(READY) ## format, style, types, direction of imports, template
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cfn-lint infra/template.yaml

check: lint test ## lint, then all tests

bench: $(READY) ## what it costs, with the goals beside it
	$(BIN)/python -m bench

# The first list is what tests run on; the second, which AWS gets, holds the same versions.
lock: $(READY) ## new lock files from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q pyproject.toml --extra dev --upgrade $(LOCK) -o requirements-dev.lock
	$(BIN)/uv pip compile -q pyproject.toml -c requirements-dev.lock --upgrade $(LOCK) -o requirements.lock

LOCK := --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --custom-compile-command "make lock"

$(READY): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo "No virtual environment could be made. On Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
