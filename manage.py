#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys
from pathlib import Path

LOCAL_KEY = Path(__file__).resolve().parent / ".local" / "secret_key"


def use_local_key() -> None:
    """Use the key that ``make run`` made in this checkout, if the environment describes no site.

    A deployment is served through wsgi or asgi, which never ask for it, and names at least one of
    these variables; where it forgot another, the settings say which.
    """
    if LOCAL_KEY.exists() and not {"SECRET_KEY", "ALLOWED_HOSTS", "DEBUG"} & os.environ.keys():
        os.environ["SECRET_KEY"] = LOCAL_KEY.read_text(encoding="utf-8").strip()
        os.environ["ALLOWED_HOSTS"] = "127.0.0.1,localhost"


def main() -> None:
    use_local_key()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diplomacy.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
