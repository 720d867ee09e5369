# Every command of the project. On Windows use the pip equivalents in README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := agent server dashboards deploy tests
FREEZE := build/freeze

.DEFAULT_GOAL := help
.PHONY: help demo test test-all check write bench bench-agent faults faults-long pictures freeze deb bundle-windows clean

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Fernbereit needs Python 3.11 or newer. Name one: make PYTHON=python3.12 demo"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[server,dashboards,dev]'
	@touch $@

demo: $(VENV)/installed ## See this computer's own report beside a synthetic authority, in a browser.
	$(BIN)/fernbereit demo

test: $(VENV)/installed ## Run the tests that take at most five minutes on two cores.
	$(BIN)/pytest -n 2 -m "not slow"

test-all: $(VENV)/installed ## Run every test, the end-to-end and fault tests included.
	$(BIN)/pytest -n 2

check: $(VENV)/installed ## Check format, style, types for three systems, imports, generated files.
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	printf '%s\n' linux darwin win32 | xargs -P 3 -I {} $(BIN)/mypy --platform {} --cache-dir .mypy_cache/{}
	$(BIN)/lint-imports
	$(BIN)/python tests/write.py --check

write: $(VENV)/installed ## Rewrite every generated file and golden, and format the code.
	$(BIN)/python tests/write.py
	$(BIN)/ruff format $(SOURCES)

bench: $(VENV)/installed ## Measure beside the peers and write docs/performance.md.
	$(BIN)/python tests/bench $(ARGS)

bench-agent: $(VENV)/installed ## Measure the agent in 17 idle minutes (peers: tests/bench/install-peers).
	$(BIN)/python tests/bench/agent.py $(ARGS)

faults: $(VENV)/installed ## Kill, pause, cut and fill everything, 200 kills (SEED=n repeats a run).
	FERNBEREIT_FAULTS=all SEED=$(or $(SEED),$(shell date +%s)) $(BIN)/pytest -n 2 tests/faults $(ARGS)

faults-long: $(VENV)/installed ## The same with pauses of 30 s and 2,000 kills: about an hour.
	FERNBEREIT_FAULTS_PAUSE_S=30 FERNBEREIT_FAULTS_KILLS=2000 $(MAKE) faults

fuzz: $(VENV)/installed ## Feed every parser of foreign bytes for ten seconds (ARGS="--seconds 300 envelope").
	@test -d build/fuzz/atheris || $(BIN)/python -m pip install --quiet --disable-pip-version-check --target build/fuzz 'atheris>=3,<4'
	PYTHONPATH=build/fuzz $(BIN)/python tests/fuzz $(ARGS)

pictures: $(VENV)/installed ## Make the pictures of the README from a running demo (needs chromium).
	$(BIN)/python tests/pictures.py

$(FREEZE)/installed: pyproject.toml deploy/freeze/versions.txt
	$(PYTHON) -m venv --clear $(FREEZE)
	$(FREEZE)/bin/python -m pip install --quiet --disable-pip-version-check \
	  --constraint deploy/freeze/versions.txt '.[build]'
	@touch $@

freeze: $(FREEZE)/installed ## Freeze the agent into dist/fernbereit-agent: a folder that needs no Python.
	$(FREEZE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
	$(FREEZE)/bin/python deploy/freeze/freeze.py

deb: freeze ## Build the agent's Debian package in dist/ (needs dpkg-dev).
	$(PYTHON) deploy/debian/build_deb.py

bundle-windows: $(VENV)/installed ## Make what installs the agent on Windows, in dist/: one folder for x64, one for ARM64.
	$(BIN)/python deploy/windows/bundle.py --arch amd64
	$(BIN)/python deploy/windows/bundle.py --arch arm64

clean: ## Remove what the commands above made, except generated files that are committed.
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
