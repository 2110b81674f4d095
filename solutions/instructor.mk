# Commands for instructors and developers; the Makefile includes this file if it exists.

CONSTRAINTS ?= constraints.txt
MATRIX_PYTHONS ?= 3.10 3.11 3.12 3.13 3.14
MATRIX_SETS ?= newest oldest
newest := constraints.txt
oldest := tests/constraints-oldest.txt

.PHONY: grade autograder develop test lint unit fuzz notebooks browser stubs solved reference real bench mutants release matrix kernels constraints

develop: $(VENV)/created
	@test "$$(cat $(VENV)/developed 2>/dev/null)" = "$$(cat requirements.txt pyproject.toml $(CONSTRAINTS) | cksum) $$PWD" || { \
	  echo "Installing with $(CONSTRAINTS) ..." && $(INSTALL) -r requirements.txt -e '.[dev]' -c $(CONSTRAINTS) && \
	  echo "$$(cat requirements.txt pyproject.toml $(CONSTRAINTS) | cksum) $$PWD" > $(VENV)/developed; }

test: lint unit notebooks  ## set everything up and test the kit: lint, generated files, unit tests, notebooks

lint: develop  ## check style, static types, the import contracts, and whether generated files agree with their masters
	@$(PY) -m ruff check && $(PY) -m ruff format --check
	@$(VENV)/$(BIN)/lint-imports --no-logo --no-cache
	@$(PY) -m mypy
	@$(PY) -m solutions stubs --check

unit: develop  ## run the unit tests
	@$(PY) -m pytest -n auto --dist loadfile

fuzz: develop  ## test ten times as many damaged inputs and kills as the unit tests do (CS231N_FUZZ=100: a hundred times; ARGS="-k reset": only some)
	@CS231N_FUZZ=$${CS231N_FUZZ:-10} $(PY) -m pytest -m fuzz -n auto --dist worksteal $(ARGS)

notebooks: develop  ## run the solved notebooks with the stand-in, and compare what they print with their reference outputs
	@$(PY) -m solutions validate $(ARGS)

stubs: develop  ## write everything that is generated: stubs, students' notebooks, expected values of the checks, …
	@$(PY) -m solutions stubs $(ARGS)

solved: develop  ## copy the students' files to build/solved, with the masters in place of the stubs
	@$(PY) -m solutions solved

reference: develop  ## record what the solved notebooks print with the stand-in
	@$(PY) -m solutions reference $(ARGS)

real: develop  ## run the solved notebooks on the real CIFAR-10 (set CS231N_DATA), and compare accuracies with known ones
	@$(PY) -m pytest -m real_data

browser: develop  ## test the toys in a browser, Chromium (set CHROMIUM=/path if it is not on the PATH)
	@$(INSTALL) -e '.[browser]' && $(PY) -m pytest -m browser $(ARGS)

bench: develop  ## compare the kit with other implementations, and measure how long a student waits
	@$(INSTALL) -e '.[bench]' && $(PY) -m benchmarks $(ARGS)

mutants: develop  ## make small changes to the masters, and list those that the checks do not notice (ARGS="sgd adam": only these exercises)
	@$(PY) -m tests.mutants $(ARGS)

grade: develop  ## grade what you downloaded from an LMS: make grade A=assignment1 FROM=submissions.zip (ARGS="--canvas gradebook.csv")
	@test -n "$(FROM)" || { echo "make grade A=assignment1 FROM=submissions.zip: name the folder or zip from your LMS"; exit 1; }
	@$(PY) -m grading grade "$(FROM)" -a $(A) $(ARGS)

autograder: develop  ## build an autograder for Gradescope from the last commit, and test it: make autograder A=assignment1
	@$(PY) -m grading autograder -a $(A) $(ARGS)

release: develop  ## build the zip for students in build/release from the last commit, and test it
	@$(PY) -m solutions release $(ARGS)

matrix:  ## run make test with every supported Python, and with the newest and the oldest dependencies
	@failed=; for version in $(MATRIX_PYTHONS); do for set in $(MATRIX_SETS); do \
	  python=$$(ls -d "$$HOME"/.pyenv/versions/$$version.*/bin/python 2>/dev/null | tail -n 1); \
	  python="$${python:-python$$version}"; echo "=== Python $$version, $$set dependencies"; \
	  "$$python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$$version')" && \
	  $(MAKE) --no-print-directory test VENV=build/matrix/$$version-$$set PYTHON="$$python" \
	    CONSTRAINTS=$$( [ $$set = newest ] && echo $(newest) || echo $(oldest) ) || failed="$$failed $$version-$$set"; \
	done; done; test -z "$$failed" || { echo "failed:$$failed"; exit 1; }

kernels: develop  ## test generated files, checks and notebooks under the OpenBLAS kernels that this machine supports (ARGS="--only lint,checks --cores Haswell")
	@$(PY) -m solutions.tools.kernels $(ARGS)

constraints: develop  ## update the exact versions of the newest and the oldest supported dependencies
	@$(INSTALL) uv
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.10 --no-emit-package cs231n --no-annotate --custom-compile-command "make constraints" \
	  --extra dev requirements.txt pyproject.toml --upgrade --output-file $(newest)
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.10 --no-emit-package cs231n --no-annotate --custom-compile-command "make constraints" \
	  --resolution lowest-direct --extra dev requirements.txt pyproject.toml --upgrade --output-file $(oldest)
