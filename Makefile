# Two commands are enough: `make run` and `make test`. Both set everything up first, from the locked dependencies.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin

.PHONY: run test check chat eval bench screenshots lock clean

run: .venv/.compiled
	@exec $(BIN)/python -m bot run

test: .venv/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m bot check
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check chat: .venv/.compiled
	@$(BIN)/python -m bot $@

eval: .venv/.test-ready
	@$(BIN)/python -m tests.eval

# BENCH passes on options and parts: make bench BENCH="--quick pairs"
bench: .venv/.compiled
	@$(BIN)/python -m bench $(BENCH)

screenshots: .venv/.test-ready
	@$(BIN)/python -m tests.browser.screenshots

.venv/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed, and was not found. Name it: make run PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Setting up .venv with $$($(PYTHON) --version) (once, about a minute) ..."
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.run-ready: requirements.txt pyproject.toml .venv/.made
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# As pip does with all it installs, but not with what it links to: else, where Python may not write, every start compiles anew.
.venv/.compiled: .venv/.run-ready $(shell find bot -name '*.py')
	@$(BIN)/python -m compileall -q bot
	@touch $@

.venv/.test-ready: requirements-dev.txt .venv/.run-ready
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

lock: .venv/.made
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml requirements-build.in --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml requirements-build.in --extra dev -c requirements.txt --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet -o requirements-dev.txt

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
