# `make` alone lists the targets. Nothing has to be installed first but git, make and Python 3.11.
SHELL := /bin/bash
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
	done)
PREPARE = $(or $(PYTHON),$(error Python 3.11 or newer is needed: sudo apt-get install -y python3)) scripts/prepare.py
RUN = @$(PREPARE) run --
TEST = @$(PREPARE) test --
# pytest options of one's own: make test ARGS="-k notice"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test lint fix check migrations demo docs build serve test-long bench rush lock

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: ## Prepare everything, load the demonstration, serve on 127.0.0.1 (PORT=8000)
	$(RUN) python scripts/start.py

test: ## Whole suite on SQLite in parallel, browser journeys included
	$(TEST) python -m pytest -n auto --maxprocesses 8 --dist load --maxschedchunk 8 $(ARGS)

lint: ## Format and lint of Python and templates only
	$(TEST) python scripts/check.py format lint templates

fix: ## Mend what tools can mend by themselves
	$(TEST) python scripts/check.py --fix

check: ## Everything but the tests: format, lint, types, imports, templates, migrations, secrets
	$(TEST) python scripts/check.py

migrations: ## Write the migrations that changed models need (APP=members NAME=meaning)
	$(TEST) python manage.py makemigrations $(APP) $(if $(NAME),--name $(NAME))
	@.venv/bin/ruff check --quiet --fix */migrations; .venv/bin/ruff format --quiet */migrations

demo: ## Load the demonstration into an empty database
	$(RUN) python manage.py load_demo --if-empty

docs: ## Write the generated pages of docs/
	$(TEST) python manage.py trace_requirements
	$(TEST) python manage.py export_openapi_schema --api config.api.api --indent 2 --output docs/openapi.json

build: ## Environment, packages, style sheets, scripts, fonts and messages, without serving
	$(RUN) true

serve: ## Production settings with TLS by a local certificate (PORT=8443)
	$(RUN) python scripts/serve.py

test-long: ## Rushes, kills, crawls and drills, 15 minutes at most (PART=ci for the fixed part)
	$(TEST) timeout --foreground 900 python -m pytest -m "long$(if $(PART), and $(PART))" $(ARGS)

bench: ## Queries and CPU time of the main pages, as ratios to a bare view
	$(TEST) python -m pytest -m bench -s $(ARGS)

rush: ## 500 companies hand in at once, twice each, from outside (ARGS="--companies 50")
	$(TEST) python scripts/rush.py $(ARGS)

lock: ## Compile requirements/*.txt and package-lock.json anew
	$(TEST) python scripts/lock.py $(ARGS)
