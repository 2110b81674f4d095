# Two commands for a fresh machine: `make lab` and `make test`. Everything else: `make help`.
# PYTHON=… chooses an interpreter, ARGS=… is passed on to the command, A=assignment1 names an assignment.

VENV ?= .venv
BIN := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
PY = $(VENV)/$(BIN)/python

# This runs uv if possible, otherwise pip. The user's pip settings take effect if they say how to reach an index (proxy,
# certificate, …), but not if they would make pip install somewhere else, or not at all.
INSTALL = $(PY) cs231n/tutor/surroundings.py install
A ?= assignment1
# The newest Python, 3.x, with which all tests were run. A newer Python is accepted, with a message.
PROVEN = 13

.DEFAULT_GOAL := help
.PHONY: help lab check watch hint reset data validate submit setup test

help:  ## list the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {if (!($$1 in told)) names[++count] = $$1; told[$$1] = $$2} \
	  END {for (i = 1; i <= count; i++) printf "  make %-12s %s\n", names[i], told[names[i]]}' $(MAKEFILE_LIST)

lab: setup  ## set everything up and open JupyterLab on the notebooks
	@$(PY) -m cs231n lab $(ARGS)

check: setup  ## check your code, and show what is right and what is wrong (ARGS="predict_labels": only this exercise)
	@$(PY) -m cs231n check $(ARGS)

watch: setup  ## keep running, and check every file again when you save it
	@$(PY) -m cs231n check --watch $(ARGS)

hint: setup  ## show where to look: make hint NAME=adam (ARGS="--level 2": the idea; ARGS="--level 3": nearly the answer)
	@$(PY) -m cs231n hint $(NAME) $(ARGS)

reset: setup  ## restore the original stub, and keep your version in another file: make reset NAME=adam
	@$(PY) -m cs231n reset $(NAME)

data: setup  ## download CIFAR-10 (170 MB) and verify it; after an interrupted download, run it again to resume
	@$(PY) -m cs231n data get $(ARGS)

validate: setup  ## run the checks, and the notebooks from top to bottom, on copies: make validate A=assignment1
	@$(PY) -m cs231n validate $(A) $(ARGS)

submit: setup  ## show what a grader will see, and zip up an assignment: make submit A=assignment1
	@$(PY) -m cs231n submit $(A) $(ARGS)

# $(VENV)/installed is written at the end of an installation. If it is missing, or the requirements or the folder have
# changed since, the packages are installed again.
setup: $(VENV)/created
	@test "$$(cat $(VENV)/installed 2>/dev/null)" = "$$(cat requirements.txt pyproject.toml | cksum) $$PWD" || { \
	  echo "Installing what the kit needs, once (seconds with uv, about a minute with pip) ..." && $(INSTALL) -r requirements.txt && \
	  echo "$$(cat requirements.txt pyproject.toml | cksum) $$PWD" > $(VENV)/installed; }

$(VENV)/created:
	@for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do \
	  if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then \
	    "$$candidate" -c 'import sys; new = sys.version_info[:2] > (3, $(PROVEN)); new and print("Python %d.%d" \
	      % sys.version_info[:2], "is newer than 3.$(PROVEN), the newest that the kit was tested with. It should work.")'; \
	    "$$candidate" -m venv --clear $(VENV) && touch $@; exit; fi; done; \
	echo "No Python 3.10 or newer with the venv module was found. Install one from python.org or your system"; \
	echo "(Debian, Ubuntu: apt install python3-venv), or name it: make lab PYTHON=/path/to/python3.12"; exit 1

-include solutions/instructor.mk

ifeq ($(wildcard solutions/instructor.mk),)
test: setup  ## check all exercises; fail if one is wrong, but not if one is still to do
	@$(PY) -m cs231n check --allow-todo $(ARGS)
endif
