# Everything runs in .venv, which make builds from the lock file: a fresh machine needs make and Python 3.11 or newer.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# What was compiled is kept, whatever the environment says: pytest would rewrite every assert anew, a third of a fast run.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: validate help demo pictures page up manifest deploy stack doctor test fast fast314 thorough artefacts simulation e2e check lint checkov bench lock build

help: ## this list
	@sed -n 's/^\([a-z0-9]*\):.*## /  make \1\t/p' Makefile | expand -t 20

demo: ## the sentinel and a sample world with backups to break, until Ctrl-C; RESET=1 begins anew
	@$(MAKE) -s --no-print-directory -j2 $(READY) page
	@$(BIN)/python -m infra.local.demo

pictures: $(READY) ## the pictures in docs, from the demo that runs (begin with RESET=1) and a larger company; three minutes
	@$(BIN)/python -m infra.local.demo.pictures

# Made beside the environment, not after it: it needs Node, and nothing of ours. What is missing here is made good at the start.
page:
	@if command -v node npm >/dev/null; then $(PYTHON) -m infra.local.page.build >/dev/null 2>&1 || true; fi

up: $(READY) ## the sentinel on this machine, until Ctrl-C; its settings are told in infra/local/up.py
	@$(BIN)/python -m infra.local.up

manifest: $(READY) ## the Slack app's manifest with the deployed address in it; URL=https://..., or your stack is asked: STACK, REGION
	@$(BIN)/python -m infra.manifest $(if $(URL),--url "$(URL)") $(if $(STACK),--stack "$(STACK)") $(if $(REGION),--region "$(REGION)")

deploy: $(READY) ## the core stack into your AWS account, as samconfig.toml says, and again at any time; ENV=default, DOCTOR=no
	@$(BIN)/python -m infra.deploy.check --env $(ENV) >/dev/null
	@$(MAKE) -s --no-print-directory build
	@cd infra && $(SAM) validate --lint --template-file template.yaml $(SAMCONFIG)
	@cd infra && $(SAM) deploy --template-file ../.aws-sam/build/template.yaml $(SAMCONFIG) $(UNASKED)
	@$(BIN)/python -m infra.deploy --env $(ENV) $(if $(filter no,$(DOCTOR)),,--doctor)

stack: $(READY) ## a stack beside the core, as samconfig.toml says: ENV=ses, budget, watched, watched-here or deploy-role
	@template=$$($(BIN)/python -m infra.deploy.check --env $(ENV) --beside) && \
	  cd infra && $(SAM) deploy --template-file "../$$template" $(SAMCONFIG) $(UNASKED)
	@$(BIN)/python -m infra.deploy --env $(ENV) --beside

doctor: $(READY) ## looks at the deployed sentinel from outside, and says what to do; STACK=backup-sentinel, REGION=...
	@$(BIN)/python -m infra.doctor $(if $(STACK),--stack "$(STACK)") $(if $(REGION),--region "$(REGION)")

ENV ?= default
SAMCONFIG := --config-file $(CURDIR)/samconfig.toml --config-env $(ENV)
UNASKED := $(if $(CI),--no-confirm-changeset) $(if $(MAKE_TERMOUT),,--no-progressbar)
export SAM_CLI_TELEMETRY := 0
# In an environment of its own, which uv makes: its libraries are not ours. Run in infra/: beside Slack's manifest.json it believes
# to be in a project of the CDK.
SAM := $(CURDIR)/$(BIN)/uv tool run -q --from aws-sam-cli==1.170.0 sam

test: fast thorough artefacts simulation e2e ## all tests

# Whole folders are not even read: that saves seconds.
FAST := -m "not thorough" --ignore tests/e2e --ignore tests/simulation --ignore tests/artefacts

fast: $(READY) ## the tests that need neither a local stack nor patience
	$(BIN)/pytest $(FAST) -n 2 --dist worksteal -q

thorough: $(READY) ## adapters against a mocked AWS, and generated cases by the thousand
	$(BIN)/pytest -m thorough -n 2 -q

artefacts: $(READY) ## what AWS gets, built and loaded with nothing beside it, on Python 3.14 too
	$(BIN)/pytest tests/artefacts -q

simulation: $(READY) ## weeks of a simulated company, for each seed
	$(BIN)/pytest -m simulation -n 2 -q

e2e: $(READY) ## the tests that run against the local stack; in the end, that no role may do more than these flows use
	@rm -rf build/grants
	GRANTS=build/grants $(BIN)/pytest -m e2e -n 2 --dist loadfile -q
	$(BIN)/python -m tests.e2e.grants build/grants

lint: $(READY) ## format, style, types, direction of imports, templates, workflows
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cfn-lint infra/*.yaml
	$(WORKFLOWS) --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(WORKFLOWS) --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/uv tool run -q zizmor==1.32.0 --offline -q .github

WORKFLOWS := $(BIN)/uv tool run -q check-jsonschema==0.39.0

check: lint validate checkov test ## lint, what SAM and checkov say of the templates, then all tests

validate: $(READY) ## what SAM says of the template
	@cd infra && $(SAM) validate --lint --template-file template.yaml --region eu-west-1

# It pins libraries to versions older than ours, so it lives apart.
checkov: $(READY) ## what checkov finds in the templates; .checkov.yaml says what it need not say, and why
	$(BIN)/uv tool run -q checkov@3.3.30 -d infra

build: $(READY) ## what AWS gets, into .aws-sam/build: each function with its sizes, each set with the digest that every machine gets
	@SAM="$(SAM)" $(BIN)/python -m infra.artefacts

fast314: $(READY) ## the fast tests on the Python that Lambda runs
	@python=$$($(BIN)/python -m infra.artefacts.python314) && \
	  $(BIN)/uv venv -q --allow-existing --python "$$python" build/venv314 && \
	  $(BIN)/uv pip install -q --python build/venv314/bin/python --require-hashes -r requirements-dev.lock
	build/venv314/bin/python -m pytest $(FAST) -n 2 -q

bench: $(READY) ## what it costs, with the goals beside it
	$(BIN)/python -m bench

# The first list is who installs the second, which tests run on; what AWS gets, set by set, holds the same versions.
lock: $(READY) ## new lock files from pyproject.toml
	$(BIN)/python -m pip install --quiet --upgrade uv
	echo uv | $(BIN)/uv pip compile -q - $(LOCK) -o requirements-uv.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra dev --upgrade $(LOCK) -o requirements-dev.lock
	$(BIN)/uv pip compile -q pyproject.toml -c requirements-dev.lock --upgrade $(LOCK) -o requirements-plain.lock
	for set in slack google; do $(BIN)/uv pip compile -q pyproject.toml --extra $$set \
	  -c requirements-dev.lock --upgrade $(LOCK) -o requirements-$$set.lock || exit 1; done

LOCK := --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --custom-compile-command "make lock"

# uv installs in seconds what takes pip a minute. Where there is no uv for this machine, or it reaches no index, pip does it.
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes

$(READY): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo "No virtual environment could be made. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing what requirements-dev.lock names into .venv"
	@$(PIP) -r requirements-uv.lock 2>/dev/null && $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r $< || $(PIP) -r $< || \
	  { echo "What .venv needs could not be installed; the lines above say why. Is there a way to PyPI?"; exit 1; }
	@touch $@
