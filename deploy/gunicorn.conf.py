"""How gunicorn serves the site; options of the command line and GUNICORN_CMD_ARGS go before this.

Processes are set by WEB_CONCURRENCY, as gunicorn has it; each takes about 100 MB.
"""

import os

# What PostgreSQL does not answer within so many seconds is given up, with 503; commands may wait.
os.environ.setdefault("STATEMENT_SECONDS", "60")

wsgi_app = "diplomacy.wsgi"
worker_class = "diplomacy.server.WholeRequestWorker"
bind = "127.0.0.1:8000"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
# Of each process; a connection beyond waits until another one ends.
worker_connections = 1000
# A request that is answered for longer ends its process, once the others are answered.
timeout = 120
graceful_timeout = 10
loglevel = "warning"
control_socket_disable = True
