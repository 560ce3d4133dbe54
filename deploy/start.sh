#!/bin/sh
# What a container runs: `web` prepares and serves, `imports` works on large imports, anything else
# is a command of manage.py.
set -eu
case "${1:-web}" in
  web)
    python manage.py prepare
    exec gunicorn --config deploy/gunicorn.conf.py --bind 0.0.0.0:8000
    ;;
  imports) exec python manage.py run_imports ;;
  *) exec python manage.py "$@" ;;
esac
