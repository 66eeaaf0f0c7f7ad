# `make demo` and `make test` are all a fresh machine needs; `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help demo test slow lint format docs serve bench lock clean env dev

BIN := .venv/bin
WORKERS ?= 2

help: ## list the commands
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

demo: env ## a simulated shop and its dashboard; prints the address
	$(BIN)/ganj demo

test: dev ## everything the tests need, and the tests
	sh tools/browser.sh
	$(BIN)/pytest -n $(WORKERS) --dist loadfile

slow: dev ## fault runs and big files too
	sh tools/browser.sh
	$(BIN)/pytest -m slow

lint: dev ## every gate: ruff, mypy, layers, dependencies, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/python -m tools.docs --check

format: dev ## put the code in form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: dev ## write the generated reference pages
	$(BIN)/python -m tools.docs

serve: env ## the server on ./ganj or the folder in GANJ_WORKSPACE
	$(BIN)/ganj serve

bench: dev ## side by side with other tools; prints ratios
	$(BIN)/python tools/groups.py bench | xargs -d '\n' $(BIN)/python -m pip install -q
	$(BIN)/python -m bench

lock: dev ## pin the newest of everything
	$(BIN)/python -m pip install -q uv
	rm -f requirements.lock requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra predict \
	  --no-emit-find-links --custom-compile-command 'make lock' --extra predict pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra predict \
	  --no-emit-find-links --custom-compile-command 'make lock' -c requirements.lock --group dev \
	  pyproject.toml -o requirements-dev.lock

clean: ## remove what was built, the demo included
	rm -rf .venv demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

env:
	@sh tools/env.sh run

dev:
	@sh tools/env.sh dev
