# Two commands for a fresh machine: `make lab` and `make test`. Everything else: `make help`.
# PYTHON=… chooses an interpreter, ARGS=… is handed on, A=assignment1 names an assignment.

VENV ?= .venv
BIN := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
PY = $(VENV)/$(BIN)/python

# uv where it is on the PATH, else pip. Of pip's own settings only those count that say how to reach an index (proxy,
# certificate, …), and not those that would have it install elsewhere, or nothing.
INSTALL = $(PY) cs231n/tutor/surroundings.py install
A ?= assignment1
# The newest 3.x that every test was run with. A newer one is admitted.
PROVEN = 13

.DEFAULT_GOAL := help
.PHONY: help lab check watch hint reset data validate submit setup test

help:  ## list the verbs
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

lab: setup  ## set everything up and open JupyterLab on the notebooks
	@$(PY) -m cs231n lab $(ARGS)

check: setup  ## say what is right and what is not (ARGS="predict_labels" for some)
	@$(PY) -m cs231n check $(ARGS)

watch: setup  ## keep running, and check again what you save
	@$(PY) -m cs231n check --watch $(ARGS)

hint: setup  ## a hint: make hint NAME=adam (ARGS="--level 2" the idea, 3 almost the line)
	@$(PY) -m cs231n hint $(NAME) $(ARGS)

reset: setup  ## restore the original stub, your version is kept next to it: make reset NAME=adam
	@$(PY) -m cs231n reset $(NAME)

data: setup  ## download CIFAR-10 (170 MB), verified; resumes where it stopped
	@$(PY) -m cs231n data get $(ARGS)

validate: setup  ## checks and notebooks, from top to bottom, on copies: make validate A=assignment1
	@$(PY) -m cs231n validate $(A) $(ARGS)

submit: setup  ## zip up an assignment: make submit A=assignment1
	@$(PY) -m cs231n submit $(A) $(ARGS)

# A stamp says that an installation is complete, and for which folder: a half-made or moved one is made again.
setup: $(VENV)/created
	@test "$$(cat $(VENV)/installed 2>/dev/null)" = "$$(cat requirements.txt pyproject.toml | cksum) $$PWD" || { \
	  echo "Installing what the kit needs, once (seconds with uv, about a minute with pip) ..." && $(INSTALL) -r requirements.txt && \
	  echo "$$(cat requirements.txt pyproject.toml | cksum) $$PWD" > $(VENV)/installed; }

$(VENV)/created:
	@for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do \
	  if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then \
	    "$$candidate" -c 'import sys; new = sys.version_info[:2] > (3, $(PROVEN)); new and print("Python %d.%d" \
	      % sys.version_info[:2], "is newer than 3.$(PROVEN), the newest that the kit was tested with. It should do.")'; \
	    "$$candidate" -m venv --clear $(VENV) && touch $@; exit; fi; done; \
	echo "No Python 3.10 or newer with the venv module was found. Install one from python.org or your system"; \
	echo "(Debian, Ubuntu: apt install python3-venv), or name it: make lab PYTHON=/path/to/python3.12"; exit 1

-include solutions/instructor.mk

ifeq ($(wildcard solutions/instructor.mk),)
test: setup  ## check the whole kit: what is still to do is no failure, what is wrong is
	@$(PY) -m cs231n check --allow-todo $(ARGS)
endif
