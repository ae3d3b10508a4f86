# What a builder types. `make` alone prints it.
.DEFAULT_GOAL := help
.PHONY: help setup system-packages ready start demo test test-cluster trials check bench docs fmt clean

# Dozens of processes start in a test run; each would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
HOST ?= 127.0.0.1
DATA ?= data
STAMP := $(VENV)/.set-up
SOURCES := pyproject.toml requirements.lock scripts/set_up.py
LOCALES := $(shell find src -name '*.po' 2>/dev/null)
MODULES := $(shell find src -name '*.py' 2>/dev/null)

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 17

setup: $(STAMP) $(VENV)/.locales $(VENV)/.bytecode ## Make .venv with everything pinned; quick when nothing changed

$(STAMP): $(SOURCES)
	$(PYTHON) scripts/set_up.py $(VENV)
	@touch $@

$(VENV)/.locales: $(STAMP) $(LOCALES)
	@$(BIN)/python scripts/compile_locale.py
	@touch $@

$(VENV)/.bytecode: $(STAMP) $(MODULES)
	@$(BIN)/python scripts/compile_bytecode.py
	@touch $@

system-packages: ## Install the browser and the database that tests need, where root and missing
	@sh scripts/system_packages.sh

start: setup ## Serve the demo on http://localhost:8000 (PORT=, HOST=, DATA= change it)
	@$(BIN)/lienthong start --data $(DATA) --host $(HOST) --port $(PORT)

demo: start ## The same as start

ready:
	@$(MAKE) --no-print-directory -j2 setup system-packages

test: ready ## Run all tests (on SQLite, and what is marked on PostgreSQL too)
	@$(BIN)/python scripts/run_tests.py $(ARGS)

test-cluster: setup ## Give one work to Spark with two workers, Spark Connect and DuckDB, and compare (needs Java)
	@sh scripts/cluster_environment.sh
	.venv-cluster/bin/python -m tests.cluster.run $(ARGS)

trials: setup ## Break off at 200 points of each kind: make trials NAME=store (sync, serve)
	$(BIN)/python -m tests.trials.run $(NAME)

check: setup ## Lint, types, templates, import contract, translations
	$(BIN)/ruff check src tests scripts benchmarks
	$(BIN)/ruff format --check src tests scripts benchmarks
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet src
	$(BIN)/python scripts/compile_locale.py --check

bench: setup ## Measure ours beside a peer and the raw limit: make bench NAME=look
	$(BIN)/python -m benchmarks.run $(NAME)

docs: setup ## Build the documentation into docs/_build
	$(BIN)/python scripts/write_reference.py
	$(BIN)/sphinx-build -q -W -b html docs docs/_build/html

fmt: setup ## Format the code
	$(BIN)/ruff check --fix --exit-zero src tests scripts benchmarks
	$(BIN)/ruff format src tests scripts benchmarks

clean: ## Remove what make made (the data directory is kept)
	rm -rf $(VENV) build dist docs/_build .mypy_cache .ruff_cache .pytest_cache
