# What a person types: `make demo` to try jizihao, `make test` to check a change.
#
# Needs make, Python >= 3.11 and a network that pip can install from; everything else goes into .venv.

PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# One process for each core, few enough that each may run its own database and browser.
# Tests wait for disks and other programs as much as they compute; the longest files come first (tests/conftest.py).
PYTEST := $(BIN)/python -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: demo test check static faults chromium strace format docs bench clean
.DEFAULT_GOAL := help

.PHONY: help
help:
	@echo "make demo    install, load the demo season, serve it on 127.0.0.1:8000 (ARGS=\"--port 8080\")"
	@echo "make test    everything a change must pass"
	@echo "make check   the same without the slow tests and without coverage"
	@echo "make faults  every system call of an append, publish, mirror, backup and restore made to fail in every way"
	@echo "make format  lay out the code as the tests ask for"
	@echo "make docs    write the tables of docs/ again from the code"
	@echo "make bench   measure, and write the figures into docs/ (an hour or more, 20 GB; ARGS=\"appending\" for a part)"
	@echo "make clean   remove what make made; a ledger under instance/ stays"

demo: $(VENV)/.runtime
	@$(BIN)/jizihao demo $(ARGS)

test: static chromium strace
	@echo "Tests:"
	@$(PYTEST) --cov --cov-report term

check: static chromium strace
	@echo "Tests, without the slow ones:"
	@$(PYTEST) -m "not slow"

static: $(VENV)/.dev
	@echo "Format:"
	@$(BIN)/ruff format --check .
	@echo "Lint:"
	@$(BIN)/ruff check .
	@echo "Types:"
	@$(BIN)/mypy
	@echo "Imports:"
	@$(BIN)/lint-imports --no-logo

chromium:
	@sh tests/need_chromium.sh

strace:
	@sh tests/need_strace.sh

faults: $(VENV)/.dev
	@echo "Every fault at every system call; this takes an hour:"
	@JIZIHAO_EVERY_CALL=1 $(PYTEST) tests/durability -m "not slow" --timeout 7200

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: $(VENV)/.dev
	@$(BIN)/python -m tests.documents

bench: $(VENV)/.dev
	@$(PIP) --editable '.[bench]'
	@$(BIN)/python -m benchmarks --keep $(ARGS)
	@$(BIN)/python -m tests.documents

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp says what .venv holds, so that a second run installs nothing; a change of these files makes it stale.
$(VENV)/.runtime: $(VENV)/.made setup.cfg pyproject.toml
	@echo "Installing jizihao and what it runs on; the first time takes a minute or two ..."
	@$(PIP) --editable .
	@touch $@
	@echo "Installed."

$(VENV)/.dev: $(VENV)/.made setup.cfg pyproject.toml
	@echo "Installing jizihao and the tools of its tests; the first time takes a few minutes ..."
	@$(PIP) --editable '.[dev]'
	@touch $(VENV)/.runtime $@
	@echo "Installed."

# Debian has Python without what `venv` needs: then virtualenv makes the same, or apt where it may.
$(VENV)/.made:
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "jizihao needs Python 3.11 or newer; if it is not on the PATH: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making $(VENV) with $$("$(PYTHON)" --version) ..."
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	|| "$(PYTHON)" -m venv $(VENV) >/dev/null 2>&1 \
	|| { rm -rf $(VENV); "$(PYTHON)" -m virtualenv --quiet $(VENV) 2>/dev/null; } \
	|| { tools=$$(mktemp -d); "$(PYTHON)" -m pip install --quiet --target "$$tools" virtualenv 2>/dev/null \
	     && PYTHONPATH="$$tools" "$(PYTHON)" -m virtualenv --quiet $(VENV); made=$$?; rm -rf "$$tools"; test $$made = 0; } \
	|| { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && echo "Installing python3-venv ..." \
	     && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null \
	     && "$(PYTHON)" -m venv $(VENV); } \
	|| { rm -rf $(VENV); echo "Python cannot make a virtual environment here: install python3-venv (Debian, Ubuntu) or virtualenv" >&2; exit 1; }
	@touch $@
