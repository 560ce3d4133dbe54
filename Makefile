# Two commands: `make run` shows the site, `make test` checks everything.
# Both need only Python 3.11 or later with venv, and make.
# `make check` takes less than a minute: style, and the tests of what changed since the last commit.
# `make soak` repeats some tests for longer; `make bench` measures what answers cost.
# The first `make run` loads fixtures/record.json, or CONTENT: a file, folder or zip of another
# record, or `none`.

PYTHON ?= python3
PORT ?= 8000
BIN = .venv/bin
LOCAL_KEY = .local/secret_key

.PHONY: run test check soak bench

run: .venv/run.stamp $(LOCAL_KEY)
	@export SECRET_KEY="$${SECRET_KEY:-$$(cat $(LOCAL_KEY))}" \
	  ALLOWED_HOSTS="$${ALLOWED_HOSTS:-127.0.0.1,localhost}" \
	  SITE_URL="$${SITE_URL:-http://127.0.0.1:$(PORT)}" \
	&& $(BIN)/python manage.py prepare $(if $(CONTENT),--content="$(CONTENT)") \
	&& { $(BIN)/python manage.py run_imports --with-parent & } \
	&& echo "The record is at http://127.0.0.1:$(PORT)/ and the desk at /admin/. Ctrl-C ends it." \
	&& exec $(BIN)/gunicorn --config deploy/gunicorn.conf.py --bind 127.0.0.1:$(PORT) \
	  --graceful-timeout 3

test: .venv/test.stamp node_modules/.stamp
	@$(BIN)/python -m tests.gate

check: .venv/test.stamp
	@$(BIN)/python -m tests.gate check

soak: .venv/test.stamp
	@$(BIN)/python -m tests.gate soak

bench: .venv/test.stamp
	@$(BIN)/python -m benchmarks.answers
	@$(BIN)/python -m benchmarks.sizes

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

# Not compiled: the first start compiles the fifth of the modules that it uses.
.venv/run.stamp: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/test.stamp: requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/run.stamp

# Only a checker of pages; without npm its test says so and is skipped.
node_modules/.stamp: package-lock.json .npmrc
	@if command -v npm >/dev/null; then npm ci && touch $@; fi

$(LOCAL_KEY): | .venv/bin/python
	@mkdir -p .local && umask 077 \
	  && $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))' > $@
