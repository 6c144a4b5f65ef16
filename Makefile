# Two commands set up everything and work in a fresh clone:
#   make run    the shipped story pack against the reference connector
#   make test   the whole test suite
# Both use the environment in .venv, whatever else is activated.

PYTHON      ?= $(shell command -v python3.11 || command -v python3)
VENV        ?= .venv
# Beancount in an environment of its own: the suite runs it as a program and never imports it.
PLAINTEXT_VENV ?= .venv-plaintext
# For `make run`: anything `simharness run` takes, e.g. make run ARGS="--tag tax".
ARGS        ?=
# For `make explore` and its sample: how many processes, and how many cases the sample has.
JOBS        ?= 2
SAMPLE      ?= 160
# For `make explore-patterns`: one story each of partial payments, discounted lines, exemptions, payroll beside the schedule
# and retroactive pay, and the kinds of faults of which two strike in a case: one for each way in which a connector has to react.
PATTERNS    ?= payments/two_instalments discounts/per_line taxes/exempt_customer payroll/corrections payroll/retro
PAIRS       ?= reply_lost,error_503,throttled,token_expired,forbidden,stale_read,outage,crash_after,webhook_duplicate,webhook_lost
# For `make test`: anything pytest takes, e.g. make test PYTEST_ARGS="-k money".
PYTEST_ARGS ?= -n 2 --dist worksteal

BIN := $(abspath $(VENV))/bin
# The environment is set up again when pyproject.toml changes, and only then. What the suite needs includes the rest.
RUN_STAMP := $(VENV)/.ready-to-run
DEV_STAMP := $(VENV)/.ready-to-test

# An activated environment or a search path of another project must not reach into this one.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint format explore explore-sample explore-patterns bench mutants plaintext-tools clean

help:  ## show what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(firstword $(MAKEFILE_LIST))

run: $(RUN_STAMP)  ## run the shipped stories against the reference connector
	$(BIN)/simharness run $(ARGS)

test: $(DEV_STAMP)  ## run the whole test suite
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(DEV_STAMP)  ## check style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(DEV_STAMP)  ## put the code into the one form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

explore: $(RUN_STAMP)  ## let every fault strike every call of the shipped stories
	$(BIN)/simharness explore --faults all --crashes --jobs $(JOBS) $(ARGS)

explore-sample: $(RUN_STAMP)  ## the same for a fixed sample of the cases, in about a minute
	$(BIN)/simharness explore --faults all --crashes --jobs $(JOBS) --sample $(SAMPLE) --out simharness-sample $(ARGS)

explore-patterns: $(RUN_STAMP)  ## two faults in a case, in one story of each pattern of finance
	$(BIN)/simharness explore $(PATTERNS:%=scenarios/%.yaml) --faults $(PAIRS) --depth 2 --jobs $(JOBS) --out simharness-patterns $(ARGS)

bench: $(DEV_STAMP)  ## print each ratio with its goal
	$(BIN)/python -m benchmarks

mutants: $(DEV_STAMP)  ## prove that the checks bite: every broken connector is found, the sound one is not accused
	$(BIN)/python -m tests.mutants

plaintext-tools: $(PLAINTEXT_VENV)/.ready  ## install Beancount, with which the suite reads exported books
	@command -v hledger >/dev/null || echo "hledger is not installed: install the package hledger of your system"

clean:  ## remove the environment and everything that tools leave behind
	rm -rf $(VENV) $(PLAINTEXT_VENV) build dist simharness-out simharness-explore simharness-sample simharness-patterns simharness-merged .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .schemathesis
	find src fakes tests benchmarks -type d -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "simharness needs Python 3.11 or newer: no python3.11 or python3 on the PATH"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "simharness needs Python 3.11 or newer: $(PYTHON) is older; name another with make PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(DEV_STAMP): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $(RUN_STAMP) $@

$(PLAINTEXT_VENV)/.ready:
	$(PYTHON) -m venv $(PLAINTEXT_VENV)
	$(PLAINTEXT_VENV)/bin/python -m pip install --quiet 'beancount>=3' 'beanquery>=0.2'
	@touch $@
