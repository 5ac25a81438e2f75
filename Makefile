# Every target works alone on a fresh machine with Python 3.11 and make; the first one installs into .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/installed
TORCH_CPU := https://download.pytorch.org/whl/cpu

.PHONY: help run test check bench clean

help:  ## list the targets (default)
	@sed -n 's/^\([a-z]*\):.*## /make \1 \t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

run: $(INSTALLED)  ## the sample newsletter, from its feeds to the ranked shortlist
	$(BIN)/python -m flows.cli.demo

test: $(INSTALLED)  ## all tests
	$(BIN)/python -m pytest -n auto --maxprocesses 4

check: $(INSTALLED)  ## formatting, lint, types, and which room may import which
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(INSTALLED)  ## the benchmarks: a table of ratios, also in docs/benchmarks.md
	$(BIN)/python -m bench

clean:  ## remove everything that make has made
	rm -rf .venv .demo build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pip older than 25.1 cannot read dependency groups, and Python 3.11 brings 23.2 or 24.0.
# PyTorch from PyPI brings gigabytes of CUDA on Linux; without an NVIDIA card its CPU build is taken where it can be had.
$(INSTALLED): pyproject.toml
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@if [ "$$(uname -s)" = Linux ] && ! command -v nvidia-smi >/dev/null && [ ! -e /dev/nvidiactl ]; then \
	  if timeout 3 $(BIN)/python -c "import urllib.request as r; r.urlopen('$(TORCH_CPU)/torch/')" 2>/dev/null; then \
	    cpu_build="--extra-index-url $(TORCH_CPU)"; \
	    echo "Installing into .venv with PyTorch's CPU build: about 0.5 GB to fetch, 2.2 GB of disk, some two minutes, once."; \
	  else \
	    echo "Installing into .venv, once. $(TORCH_CPU) did not answer within 3 seconds, so pip takes the"; \
	    echo "PyTorch build it finds: 0.5 GB to fetch and 2.2 GB of disk, or several times that if it comes with CUDA."; \
	  fi; \
	elif [ "$$(uname -s)" = Linux ]; then echo "Installing into .venv, once. For the NVIDIA card PyTorch comes with CUDA: gigabytes."; \
	else echo "Installing into .venv: about 0.5 GB to fetch, 2.2 GB of disk, some two minutes, once."; \
	fi; \
	$(BIN)/python -m pip install --quiet $$cpu_build --editable . --group dev
	@touch $@
