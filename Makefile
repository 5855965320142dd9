# make run     set up whatever is missing and serve on http://127.0.0.1:8000
# make test    set up whatever is missing and run every check and test
PYTHON ?= python3
BIN := .venv/bin

# One set-up at a time, also with -j.
.NOTPARALLEL:
.PHONY: run test lint train bench clean setup setup-dev lock encoder safety

run: setup
	@exec $(BIN)/orienta serve

test: lint train
	$(BIN)/python -m pytest

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/orienta knowledge check

train: setup
	$(BIN)/orienta train

bench: setup-dev train
	$(BIN)/python -m tests.bench

setup:
	@$(PYTHON) scripts/setup.py

setup-dev:
	@$(PYTHON) scripts/setup.py --dev

# Pins everything again from pyproject.toml and bot/requirements.in.
COMPILE = $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header
APP_LOCK = $(COMPILE) --universal --python-version 3.11 --override requirements.override.txt pyproject.toml
lock: setup-dev
	$(APP_LOCK) -o requirements.txt
	$(APP_LOCK) --extra models -o requirements-models.txt
	$(APP_LOCK) --extra dev -o requirements-dev.txt
	$(COMPILE) --python-version 3.10 --override bot/requirements.override.txt -o bot/requirements.txt bot/requirements.in

# Trains what recognises danger anew, under a minute.
safety: setup-dev
	$(BIN)/python -m bot.safety.training

# Trains search's encoder and its confidence anew, minutes on one core; the same files give the same bits.
encoder: setup-dev
	$(BIN)/python -m search.training

# Everything that can be made again; data in var/ stays unless you delete it yourself.
clean:
	rm -rf .venv .venv-rasa .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info var/models
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
