"""The settings, read from the environment by a process of its own."""

import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest
from django.core.cache import caches

import manage as command_line
from diplomacy import checks as site_checks

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "SECRET_KEY": "a-key-of-fifty-characters-and-more-for-this-test-0123456789",
    "ALLOWED_HOSTS": "record.example,www.record.example",
    "SITE_URL": "https://record.example",
    "CONTACT_EMAIL": "desk@record.example",
    "PROXIES": "1",
}


def python(*arguments, **environment):
    """Run Python with nothing of the project in the environment but what is given."""
    names = {"SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "SITE_URL", "DATABASE_URL", "CACHE_URL"}
    names |= {"CONTACT_EMAIL", "PROXIES", "LOG_FORMAT", "LOG_LEVEL", "SENTRY_DSN"}
    names.add("DJANGO_ALLOW_ASYNC_UNSAFE")  # What the browser tests set for themselves.
    kept = {name: value for name, value in os.environ.items() if name not in names}
    kept["DJANGO_SETTINGS_MODULE"] = "diplomacy.settings"
    command = [sys.executable, "-W", "error", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False
    )


def manage(*arguments, **environment):
    """Run a command of the project."""
    return python("manage.py", *arguments, **environment)


@pytest.fixture
def local_key(tmp_path, monkeypatch):
    """Stand in a checkout in which ``make run`` was called, with nothing in the environment."""
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DEBUG"):
        monkeypatch.delenv(name, raising=False)
    key = tmp_path / "secret_key"
    key.write_text("key-of-this-checkout\n")
    monkeypatch.setattr(command_line, "LOCAL_KEY", key)
    return key


def setting(name, **environment):
    code = f"from django.conf import settings; print(settings.{name})"
    return manage("shell", "--no-imports", "-c", code, **environment).stdout.strip()


@pytest.mark.parametrize(
    ("server", "given", "missing"),
    [
        ("wsgi", {}, "Set SECRET_KEY and ALLOWED_HOSTS"),
        ("asgi", {}, "Set SECRET_KEY and ALLOWED_HOSTS"),
        ("wsgi", {"SECRET_KEY": "x"}, "Set ALLOWED_HOSTS"),
        ("wsgi", {"ALLOWED_HOSTS": "record.example"}, "Set SECRET_KEY"),
    ],
)
def test_production_refuses_to_start_and_says_what_is_missing(server, given, missing):
    answer = python("-m", f"diplomacy.{server}", **given)

    assert answer.returncode != 0
    assert missing in answer.stderr


def test_commands_use_the_key_that_make_run_made_in_the_checkout(local_key):
    command_line.use_local_key()

    assert os.environ["SECRET_KEY"] == "key-of-this-checkout"
    assert os.environ["ALLOWED_HOSTS"] == "127.0.0.1,localhost"


def test_commands_have_no_key_in_a_checkout_without_one(local_key):
    local_key.unlink()

    command_line.use_local_key()

    assert "SECRET_KEY" not in os.environ


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DEBUG"])
@pytest.mark.parametrize("value", ["", "given"])
def test_commands_leave_an_environment_alone_that_describes_a_site(
    local_key, monkeypatch, name, value
):
    monkeypatch.setenv(name, value)
    before = dict(os.environ)

    command_line.use_local_key()

    assert dict(os.environ) == before


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

    assert backend == "diplomacy.redis_cache.RedisCache"


@pytest.mark.parametrize(
    ("given", "seconds", "subdomains", "preload"),
    [
        ({}, 3600, False, False),
        ({"HSTS_SECONDS": "31536000"}, 31_536_000, False, False),
        ({"HSTS_SECONDS": "0"}, 0, False, False),
        ({"HSTS_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}, 3600, True, True),
        ({"SITE_URL": "http://a", "HSTS_SECONDS": "3600"}, 0, False, False),
    ],
)
def test_browsers_are_bound_to_https_for_an_hour_unless_more_is_asked(
    given, seconds, subdomains, preload
):
    names = ("SECONDS", "INCLUDE_SUBDOMAINS", "PRELOAD")
    words = ", ".join(f"settings.SECURE_HSTS_{name}" for name in names)
    code = f"from django.conf import settings; print(({words}))"

    printed = manage("shell", "--no-imports", "-c", code, **(PRODUCTION | given)).stdout.strip()

    assert printed == str((seconds, subdomains, preload))


@pytest.mark.parametrize(
    ("proxies", "believed"), [("0", "None"), ("1", "('HTTP_X_FORWARDED_PROTO', 'https')")]
)
def test_scheme_is_believed_only_from_a_proxy_that_was_named(proxies, believed):
    given = PRODUCTION | {"PROXIES": proxies}

    assert setting("SECURE_PROXY_SSL_HEADER", **given) == believed


def test_what_the_site_writes_is_in_the_folder_that_is_given(tmp_path):
    given = PRODUCTION | {"DATA_DIR": str(tmp_path)}

    assert setting("DATABASES['default']['NAME']", **given) == str(tmp_path / "db.sqlite3")
    assert setting("STATIC_ROOT", **given) == str(tmp_path / "staticfiles")
    assert setting("CACHES['shared']['LOCATION']", **given).startswith(str(tmp_path))


def test_list_of_all_static_files_is_not_among_them(tmp_path):
    given = PRODUCTION | {"DATA_DIR": str(tmp_path)}

    assert manage("collectstatic", "--no-input", **given).returncode == 0

    assert (tmp_path / "staticfiles.json").exists()
    assert not (tmp_path / "staticfiles" / "staticfiles.json").exists()


def test_postgresql_ends_what_takes_too_long_for_a_request():
    given = {"DATABASE_URL": "postgres://user@host/name", "DEBUG": "1", "STATEMENT_SECONDS": "60"}

    options = setting("DATABASES['default']['OPTIONS']", **given)

    assert "-c jit=off -c statement_timeout=60s" in options
    assert "'connect_timeout': 5" in options


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SITE_URL", "http://127.0.0.1:8000", "SITE_URL is not set"),
        ("CONTACT_EMAIL", "", "CONTACT_EMAIL is not set"),
        ("PROXIES", 0, "SITE_URL is https, but PROXIES is 0"),
    ],
)
def test_missing_settings_that_readers_would_miss_are_warned_of(settings, name, value, words):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["record.example"], "https://record.example"
    settings.CONTACT_EMAIL, settings.PROXIES = "desk@record.example", 1
    settings.IS_HTTPS = True
    assert site_checks.check_site() == []

    setattr(settings, name, value)

    (warning,) = site_checks.check_site()
    assert words in warning.msg
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert site_checks.check_site() == []


def test_warnings_are_in_the_log_of_a_server_that_starts(settings):
    settings.ALLOWED_HOSTS, settings.CONTACT_EMAIL = ["record.example"], ""
    settings.SITE_URL = "http://record.example"
    caches["shared"].clear()

    with mock.patch.object(site_checks.logger, "warning") as logged:
        site_checks.log_warnings()
        site_checks.log_warnings()

    assert logged.call_count == 1
    assert "CONTACT_EMAIL is not set" in logged.call_args.args[1]


@pytest.mark.parametrize(("name", "given"), [("LOG_FORMAT", "xml"), ("LOG_LEVEL", "LOUD")])
def test_settings_of_logs_that_are_none_are_refused(name, given):
    answer = manage("check", **PRODUCTION, **{name: given})

    assert f"{name} is “{given}”. Set it to one of" in answer.stderr
