# Every target works alone on a fresh machine with Python 3.11 and make.
#   make run     the sample newsletter, from its feeds to the shortlist
#   make test    all tests
#   make check   formatting, lint, types, and which room may import which
#   make bench   the benchmarks: one table of ratios, also in docs/benchmarks.md
#   make clean   remove everything that make has made

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: run test check bench clean

run: $(INSTALLED)
	$(BIN)/python -m flows.cli.demo

test: $(INSTALLED)
	$(BIN)/python -m pytest

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED)
	$(BIN)/python -m bench

clean:
	rm -rf .venv .demo build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pip older than 25.1 cannot read dependency groups, and Python 3.11 brings 23.2 or 24.0
$(INSTALLED): pyproject.toml
	@echo "Installing into .venv: some two minutes and 2.2 GB of disk, most of it PyTorch. Only this once."
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@
