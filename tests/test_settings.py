"""The settings, read from the environment by a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "SECRET_KEY": "a-key-of-fifty-characters-and-more-for-this-test-0123456789",
    "ALLOWED_HOSTS": "record.example,www.record.example",
    "SITE_URL": "https://record.example",
}


def manage(*arguments, **environment):
    """Run manage.py with nothing of the project in the environment but what is given."""
    names = {"SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "SITE_URL", "DATABASE_URL", "CACHE_URL"}
    names.add("DJANGO_ALLOW_ASYNC_UNSAFE")  # What the browser tests set for themselves.
    kept = {name: value for name, value in os.environ.items() if name not in names}
    kept["DJANGO_SETTINGS_MODULE"] = "diplomacy.settings"
    command = [sys.executable, "-W", "error", "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False
    )


def setting(name, **environment):
    code = f"from django.conf import settings; print(settings.{name})"
    return manage("shell", "--no-imports", "-c", code, **environment).stdout.strip()


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "Set SECRET_KEY and ALLOWED_HOSTS"),
        ({"SECRET_KEY": "x"}, "Set ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "record.example"}, "Set SECRET_KEY"),
    ],
)
def test_production_refuses_to_start_and_says_what_is_missing(given, missing):
    answer = manage("check", **given)

    assert answer.returncode != 0
    assert missing in answer.stderr


def test_deployment_check_finds_nothing_to_warn_of():
    answer = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout


def test_no_migration_is_missing():
    answer = manage("makemigrations", "--check", "--dry-run", DEBUG="1")

    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(("url", "secure"), [("https://a.example", "True"), ("http://a", "False")])
@pytest.mark.parametrize("name", ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE"])
def test_secure_settings_follow_the_scheme_of_the_site(url, secure, name):
    assert setting(name, **(PRODUCTION | {"SITE_URL": url})) == secure


def test_hosts_are_separated_by_commas():
    assert setting("ALLOWED_HOSTS", **PRODUCTION) == "['record.example', 'www.record.example']"


def test_cache_is_redis_where_its_address_is_given():
    backend = setting(
        "CACHES['default']['BACKEND']", CACHE_URL="redis://127.0.0.1:6379/1", DEBUG="1"
    )

    assert backend == "django.core.cache.backends.redis.RedisCache"
