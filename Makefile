# Everything runs in .venv; the first run of any target installs it.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/installed
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

.DEFAULT_GOAL := help
.PHONY: help install chat national bad-files evals planted attack bench faults-handoff faults-publish load week update-bench lint types test test-slow browser clean

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(INSTALLED) ## Make .venv and install the pinned versions

# The lock holds every version but torch's, whose build (CPU or not) is the machine's choice.
$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25"
	$(BIN)/python -m pip install --quiet --constraint requirements.lock torch==2.13.0
	$(BIN)/python -m pip install --quiet --no-deps --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

chat: install ## Publish corpus/ and serve the page (LIGHT=1: the light embedding)
	$(BIN)/civic-assistant chat $(if $(LIGHT),--light)

# Status 3 says that some sheets were refused by name, which the feed's drafts always are.
national: install ## Publish the national guides beside the town's (LIGHT=1: the light embedding)
	$(BIN)/civic-assistant national $(if $(LIGHT),--light) || [ $$? -eq 3 ]

bad-files: install ## Publish a folder of bad documents and print what is refused
	$(BIN)/civic-assistant bad-files

# OMOS names a folder of OMoS-QA's files; the national sets are asked once `make national` ran.
evals: install ## Measure finding, answering and refusing on every question set (LIGHT=1, OMOS=folder)
	$(BIN)/civic-assistant evals $(if $(LIGHT),--light) $(if $(OMOS),--omos $(OMOS))

planted: install ## Plant faults in answers and count what the last check catches, and drops
	$(BIN)/python -m evals.planted

# The small model (extra "model") is asked too where it is installed.
attack: install ## Try attacks in twelve languages on a hostile writer and a small model: what is shown
	$(BIN)/python -m evals.attack

# NATIONAL names the unpacked package of national guides, of which a sample is measured too.
bench: install ## Measure speed, memory and growth against llama-index's default pipeline (NATIONAL=folder)
	$(BIN)/python -m evals.bench $(if $(NATIONAL),--national $(NATIONAL))

# PostgreSQL is looked for at 127.0.0.1:5432 (user postgres, database test), or its part is skipped.
faults-handoff: install ## Kill servers and cut sockets while 200 people talk with the desk
	$(BIN)/python -m evals.handoff faults

load: install ## Let 50 to 400 citizens talk with the desk at once, and see what gives first
	$(BIN)/python -m evals.handoff load

week: install ## Let simulated office weeks pass: what became of every question, and the waits told
	$(BIN)/python -m evals.handoff week

bench-large: install ## The same with 300,000 passages besides; takes an hour
	$(BIN)/python -m evals.bench --size 30000 --size 300000 $(if $(NATIONAL),--national $(NATIONAL))

faults-publish: install ## Kill publishers at 100 random moments while readers ask
	$(BIN)/python -m evals.publishing faults

# FROM and TO name two unpacked packages of national guides; without them npm fetches both.
update-bench: install ## Update the national guides, against a full rebuild, and change one guide (LIGHT=1)
	$(BIN)/python -m evals.publishing update $(if $(LIGHT),--light) \
	  $(if $(FROM),--from $(FROM)) $(if $(TO),--to $(TO)) $(if $(WORK),--work $(WORK))

lint: install ## Check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install ## Check types, strictly
	$(BIN)/mypy

browser: ## Install Debian's Chromium for the browser tests, when run as root on Debian
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium \
	    fonts-dejavu-core fonts-noto-core >/dev/null \
	    || echo "Chromium could not be installed: the browser tests will be skipped."; \
	else echo "No Chromium and not root on Debian: the browser tests will be skipped."; fi

test: install browser lint types ## Install, check style and types, run all tests but the slow ones
	$(BIN)/python -m pytest -m "not slow"

test-slow: install browser ## Run the tests that take minutes
	$(BIN)/python -m pytest -m slow

clean: ## Remove what the product wrote (models, index, database); .venv stays
	rm -rf var
