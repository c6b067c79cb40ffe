# Two commands: `make run` and `make test`. Both set everything up by themselves.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# What has been installed is known by the hash of the lock files: a changed lock installs again, nothing else does.
RUN_STAMP := $(VENV)/.run-$(shell cat requirements.lock pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)
DEV_STAMP := $(VENV)/.dev-$(shell cat requirements.lock requirements-dev.lock pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)
NEEDED_MB := 3500

.PHONY: help run test lint eval bench verify-corpus browser postgresql clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(RUN_STAMP) ## set up, build the index, serve chat and API on http://127.0.0.1:8000 (PORT=... changes it)
	@SILK_HOST=$(HOST) SILK_PORT=$(PORT) $(BIN)/silk-rag serve

test: $(DEV_STAMP) browser postgresql ## run every test
	@echo "[test 1/3] corpus: every word accounted for"
	@$(BIN)/python -m ingest.verify --quiet
	@echo "[test 2/3] style, types and layers"
	@$(MAKE) --no-print-directory lint
	@echo "[test 3/3] behaviour"
	@$(BIN)/python -m pytest

lint: $(DEV_STAMP) ## ruff, mypy --strict, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

eval: $(DEV_STAMP) ## every figure of docs/evaluation.md: answers, support check, self-assessment, ablations, peers if installed
	@$(BIN)/python -m evals run --set dev
	@$(BIN)/python -m evals run --set test
	@$(BIN)/python -m evals report latest
	@$(BIN)/python -m evals support --part test
	@$(BIN)/python -m evals scenarios --part all
	@$(BIN)/python -m evals ablations
	@if [ -x evals/peers/.venv/bin/python ]; then $(BIN)/python -m evals peers; fi

bench: $(DEV_STAMP) ## measure index build, start, latency and memory, a whole self-assessment
	@$(BIN)/python -m benchmarks.service
	@$(BIN)/python -m benchmarks.assessment

verify-corpus: $(RUN_STAMP) ## prove that the corpus says what the source says
	@$(BIN)/python -m ingest.verify

browser: # the browser tests drive Debian's Chromium
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "[setup] installing Chromium for the browser tests"; \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	  else \
	    echo "The browser tests need Chromium. Install it with: sudo apt-get install -y chromium" >&2; exit 1; \
	  fi; }

postgresql: # the store of self-assessments is tried on a real PostgreSQL server, started by the tests
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "[setup] installing PostgreSQL for the tests of the store"; \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql >/dev/null; \
	  else \
	    echo "Without PostgreSQL its tests are skipped. Install it with: sudo apt-get install -y postgresql" >&2; \
	  fi; }

clean: ## remove the virtual environment and the index (self-assessments in .silk stay)
	@rm -rf $(VENV) .silk/index .silk/run build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. Install Python 3.11 or newer, or name one: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$$($(PYTHON) --version) is too old: Python 3.11 or newer is needed. Name one: make run PYTHON=python3.12" >&2; exit 1; }
	@free=$$(df -Pm . | awk 'NR==2 {print $$4}'); if [ "$$free" -lt $(NEEDED_MB) ]; then \
	  echo "Only $$free MB free on this disk; the libraries need $(NEEDED_MB) MB. Free some space and try again." >&2; exit 1; fi
	@echo "[setup 1/3] virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "No virtual environment could be made. On Debian: sudo apt-get install -y python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --upgrade "pip>=26"

$(RUN_STAMP): $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "[setup 2/3] libraries (about 2 GB, once; a few minutes)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.lock
	@echo "[setup 3/3] silk-rag itself"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/.run-*; touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements-dev.lock
	@echo "[setup] test tools"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-dev.lock
	@rm -f $(VENV)/.dev-*; touch $@
