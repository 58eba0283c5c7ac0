# Zhili. On a fresh Debian 12 with python3 (3.11 or newer), make, git, apt and pip:
#
#   make demo    everything set up, the demonstration city loaded, the server running
#   make test    all tests on SQLite, then those that use a database again on PostgreSQL
#
# Nothing is installed outside .venv and web/node_modules, except Debian's own packages where one is missing:
# python3-venv, postgresql (make test), chromium and fonts-noto-cjk (make screenshots).

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The stamps live in the environment, so that removing it removes them too.
PYTHON_READY := $(VENV)/.python-ready
NODE_READY := $(VENV)/.node-ready
# Node comes from PyPI with the other tools; ours goes before the machine's.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PYTEST := $(BIN)/pytest -n auto

.PHONY: help
help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

# --------------------------------------------------------------------------------------------- set-up

.PHONY: setup
setup: $(PYTHON_READY) $(NODE_READY) ## Build the environment; quick when nothing has changed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "zhili: Python 3.11 or newer is needed; name it: make setup PYTHON=python3.12" >&2; exit 1; }
	@# Debian ships Python without ensurepip; then the environment cannot be made.
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || .ci/debian-package python3-venv "Python's venv module is missing"
	$(PYTHON) -m venv $(VENV)

$(PYTHON_READY): requirements/dev.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(NODE_READY): web/package.json web/package-lock.json | $(PYTHON_READY)
	cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: lock
lock: $(PYTHON_READY) ## Bring the locked versions up to date (requirements/*.in, web/package.json)
	for name in base dev; do \
	  CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe \
	    --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	    --output-file requirements/$$name.txt requirements/$$name.in; \
	done
	cd web && npm update --ignore-scripts --no-audit --no-fund

# ------------------------------------------------------------------------------------------------ run

.PHONY: demo
demo: setup ## Load the demonstration city, start server and scheduler
	$(BIN)/zhili demo

.PHONY: deploy
deploy: setup ## Deploy diagrams, forms and rule tables into the configured database
	$(BIN)/zhili db upgrade
	$(BIN)/zhili deploy

# ---------------------------------------------------------------------------------------------- tests

.PHONY: test
test: test-sqlite test-postgresql test-processes ## All tests on SQLite, the database-backed ones again on PostgreSQL

.PHONY: test-sqlite
test-sqlite: setup
	ZHILI_TEST_DATABASE=sqlite $(PYTEST)

.PHONY: test-postgresql
test-postgresql: setup
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null \
	  || .ci/debian-package postgresql "no PostgreSQL server for the tests"
	ZHILI_TEST_DATABASE=postgresql $(PYTEST) -m database

.PHONY: test-processes
test-processes: setup ## Run the process tests of the diagrams and tables, and count what they reach
	$(BIN)/zhili test --workers 2 --minimum-flows 95 --minimum-rows 100

.PHONY: bench
bench: setup ## Print the benchmarks' ratios
	@for file in $(sort $(wildcard bench/bench_*.py)); do echo "== $$file"; $(BIN)/python "$$file"; done

# --------------------------------------------------------------------------------------------- checks

.PHONY: check
check: check-python check-diagrams check-drift ## Everything a machine can judge

.PHONY: check-python
check-python: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: check-diagrams
check-diagrams: setup
	cd web && npm run --silent lint:bpmn -- ../processes/*.bpmn

# What is generated, or said twice, must agree: the interface file, the migrations, the glossary, names, layout.
.PHONY: check-drift
check-drift: setup
	$(BIN)/zhili openapi --check
	ZHILI_TEST_DATABASE=sqlite $(BIN)/pytest -q tests/architecture

.PHONY: format
format: setup ## Let ruff put the code into shape
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

# ------------------------------------------------------------------------------------------- pictures

.PHONY: screenshots
screenshots: setup ## Draw every diagram in a browser into reports/screenshots
	@command -v chromium >/dev/null || .ci/debian-package chromium "no browser for the pictures"
	@fc-list :lang=zh 2>/dev/null | grep -q . || .ci/debian-package fonts-noto-cjk "no Chinese font for the pictures"
	node web/src/bpmn/screenshots.mjs processes reports/screenshots

.PHONY: clean
clean: ## Remove the environment and everything generated; keeps var/, where the data are
	rm -rf $(VENV) web/node_modules reports build dist *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
