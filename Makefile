# Needs Python 3.11 or newer and make; everything else is installed into .venv at the first call.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt

export HF_HUB_OFFLINE := 1

.PHONY: help demo train eval eval-fast baselines bench test unit lint types layers check coverage readme constraints clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/:/' | column -t -s ':'

demo: $(VENV)/.installed ## set up, and run the main job on the shipped corpus
	@$(BIN)/realist demo

test: $(VENV)/.installed-dev ## set up, and run all tests
	@$(BIN)/pytest

unit: $(VENV)/.installed-dev ## the fast tests only
	@$(BIN)/pytest tests/unit

lint: $(VENV)/.installed-dev ## style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev ## static types, strict
	@$(BIN)/mypy

layers: $(VENV)/.installed-dev ## imports run downward
	@$(BIN)/lint-imports --no-cache

check: lint types layers ## lint, types and layers

coverage: $(VENV)/.installed-dev ## tests with line coverage of assistant/
	@$(BIN)/pytest --cov --cov-report=term-missing:skip-covered --cov-fail-under=90

# The folder of the study texts, with the open-access articles in it or in its folder openaccess.
STUDIES ?= ../shared/studies
ARTICLES := $(firstword $(wildcard $(STUDIES)/openaccess) $(STUDIES))
GIVEN := $(if $(wildcard $(STUDIES)),--studies $(STUDIES))
EVAL := REALIST_CACHE=$${REALIST_CACHE:-$(CURDIR)/.cache/realist} $(BIN)

train: $(VENV)/.installed-dev ## train the tagger anew; STUDIES names the folder of the open-access articles
	@$(BIN)/python -m evals.extraction.train --studies $(ARTICLES)

eval: $(VENV)/.installed-dev ## measure everything, baselines too; STUDIES names the folder of the study texts
	@$(EVAL)/realist eval --system all $(GIVEN) --record .cache/eval/record.jsonl

eval-fast: $(VENV)/.installed-dev ## measure the tool on the shipped digests, gates on; a JUnit file and a summary
	@$(EVAL)/realist eval --set digests --record .cache/eval/fast.jsonl \
		--junit .cache/eval/junit.xml --md .cache/eval/summary.md

baselines: $(VENV)/.installed-dev ## measure everything and commit to it: baselines, and the README's quality table
	@$(EVAL)/python -m evals.suite.baseline $(GIVEN)
	@$(BIN)/python -m evals.readme --quality

bench: $(VENV)/.installed-bench ## measure speed and memory beside the usual scripts; BENCH='--quick' for small sizes
	@$(EVAL)/python -m evals.bench $(GIVEN) $(BENCH)

readme: $(VENV)/.installed-dev ## write the commands' real output into the README
	@$(BIN)/python -m evals.readme

constraints: ## resolve all dependencies anew and pin them (slow)
	@rm -rf .cache/resolve && $(PYTHON) -m venv .cache/resolve
	@.cache/resolve/bin/pip install --quiet --disable-pip-version-check 'torch==2.13.0' -e '.[dev]'
	@{ sed -n 1p constraints.txt; .cache/resolve/bin/pip freeze --exclude-editable | sed -E 's/\+cpu//; s| @ .*||'; } > .cache/constraints.txt
	@mv .cache/constraints.txt constraints.txt

clean: ## remove what make made
	@rm -rf $(VENV) .cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "realist needs Python 3.11 or newer")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing realist into $(VENV) (a minute or two, the first time) ..." >&2
	@$(PIP) --editable .
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed
	@$(PIP) --editable '.[bench]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@$(PIP) --editable '.[dev]'
	@touch $@
