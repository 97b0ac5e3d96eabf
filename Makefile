# make demo    installs Hitpoint into .venv and runs the main job once
# make test    installs what the tests need (apt packages too, where it may) and runs every check
# make quick   the checks that need no host, no real time and no patience
# make readme  runs the demo and makes the README's picture and tables anew
# make page    builds the control page anew from page/, where Node.js is; what is built is in the repository
# make reapack AT=https://…   what to put there, so that REAPER's package manager installs the scripts from AT/index.xml
#
# VENV=/elsewhere uses another virtual environment, PYTHON=python3.12 another Python.

VENV ?= .venv
BIN := $(VENV)/bin
CONSTRAINTS := tests/constraints.txt

# Hosts and servers that tests drive for real: a JACK server, a DAW that runs without a screen, a metronome and a MIDI
# clock for them that others wrote, and a browser.
# (jack_lsp and its like come with jackd2, from Debian 13 and Ubuntu 24.04 on in a package of their own.)
TEST_PACKAGES := jackd2 libjack-jackd2-0 ardour klick jack-midi-clock xvfb xdotool imagemagick chromium

# python-rtmidi has wheels for 3.11 and 3.12, so one of those is looked for before anything newer.
PYTHON ?= $(shell \
  for python in python3 python3.12 python3.11; do \
    $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null && echo $$python && exit; \
  done; \
  for python in python3 python3.13 python3.14; do \
    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && exit; \
  done)

# Another process, a browser, the real clock: each can be held up once by a busy machine. What then fails has one more try
# after a while, and is told of with its first error whatever comes of it; what fails twice has failed.
TWICE := --reruns 1 --reruns-delay 5 --rerun-show-tracebacks

.PHONY: demo test test-laws test-real quick lint system readme reapack page

demo: $(VENV)/demo.installed
	$(BIN)/hitpoint demo

# What waits for the real clock most of the time goes first, and what computes gets the rest of all cores meanwhile.
test: system lint page/node_modules/.installed
	$(MAKE) --no-print-directory --keep-going -j2 test-laws test-real
	@test ! -f page/node_modules/.installed || { npm run lint --prefix page && npm test --prefix page; }

test-laws: | build
	@echo "laws: told at their end, or in build/laws.log"
	@nice -n 19 $(BIN)/pytest -n auto --dist worksteal -m 'not (realtime or daw or browser or gpu)' $(TWICE) >build/laws.log 2>&1; \
	  status=$$?; cat build/laws.log; exit $$status

test-real:
	$(BIN)/pytest -m '(realtime or daw or browser) and not gpu' $(TWICE)

build:
	mkdir -p $@

quick: lint
	$(BIN)/pytest -n auto

lint: $(VENV)/test.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

readme: $(VENV)/demo.installed
	$(BIN)/python pictures/readme.py

page: page/node_modules/.installed
	npm run build --prefix page

# Only the page's own tests need it, and say so where there is none.
page/node_modules/.installed: page/package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --prefix page && touch $@; \
	  else echo "no npm here: the tests that build the page, or ask axe about it, are skipped" >&2; fi

REAPACK := build/reapack

reapack:
	@case "$(AT)" in http*://*) ;; *) echo "Say where it will lie: make reapack AT=https://…" >&2; exit 1;; esac
	rm -rf $(REAPACK) && mkdir -p $(REAPACK)
	cp bridge_scripts/reaper/*.lua bridge_scripts/reaper/*.ReaperOSC $(REAPACK)
	sed 's#https://hitpoint\.invalid/[^<]*/#$(AT:/=)/#' bridge_scripts/reaper/index.xml > $(REAPACK)/index.xml

system:
	.ci/system-packages $(TEST_PACKAGES)
	@command -v jack_lsp >/dev/null || .ci/system-packages jack-example-tools

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Hitpoint needs Python 3.11 or newer. Install one, or name it: make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/system-packages python3-venv
	$(PYTHON) -m venv $(VENV)

# The stamps make a second run start at once; a changed dependency installs again.
$(VENV)/demo.installed: $(BIN)/python pyproject.toml $(CONSTRAINTS)
	$(BIN)/python -m pip install --quiet -c $(CONSTRAINTS) -e '.[jack]'
	touch $@

# PyTorch by its exact version first: a CPU build of that version, where pip is shown one, is then taken.
$(VENV)/test.installed: $(BIN)/python pyproject.toml $(CONSTRAINTS)
	$(BIN)/python -m pip install --quiet "$$(grep '^torch==' $(CONSTRAINTS))"
	$(BIN)/python -m pip install --quiet -c $(CONSTRAINTS) -e '.[jack,train,dev]'
	touch $@
