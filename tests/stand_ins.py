"""What stands in for programs that change a machine, while docs/deploying.md is followed.

Each is called by its own name. What they would write to /etc, /var and /opt is in FOLLOWED_FOLDER.
"""

import os
import re
import shlex
import ssl
import subprocess
import sys
from http.client import HTTPSConnection
from pathlib import Path

from tests.shipped import NGINX_CONF, ROOT, replaced

FOLDER = Path(os.environ["FOLLOWED_FOLDER"])
WEB, TLS, PLAIN = os.environ["FOLLOWED_PORTS"].split()
DATABASE = os.environ["FOLLOWED_DATABASE"]
UNITS = FOLDER / "etc/systemd/system"


def moved(text: str) -> str:
    """Return a text with the machine's folders as they are here."""
    return re.sub(r"(?<![\w.])/(etc|var|opt)/", rf"{FOLDER}/\1/", text)


def start(*command: str, **environment: str) -> None:
    """Start what goes on, and note its number for the test to end it."""
    log = (FOLDER / "log").open("a")
    begun = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | environment)
    with (FOLDER / "started").open("a") as started:
        started.write(f"{begun.pid}\n")


def install(*words: str) -> None:
    """Copy files, or make a folder, for the account that follows the paper."""
    paths, options = [], iter(words)
    for word in options:
        if word in {"-o", "-g", "-m"}:
            next(options)
        elif word != "-d":
            paths.append(Path(word))
    if "-d" in words:
        paths[0].mkdir(parents=True)
        return
    *files, target = paths
    for file in files:
        text = moved(file.read_text()).replace("postgres:///record", DATABASE)
        (target / file.name if target.is_dir() else target).write_text(text)


def systemctl(verb: str, *names: str) -> None:
    if names == ("nginx",):
        if verb == "start":
            start("/usr/sbin/nginx", "-e", "stderr", "-c", str(FOLDER / "nginx.conf"))
        return
    for name in (name for name in names if name.endswith(".service")):
        unit = dict(re.findall(r"^(\w+)=(.*)$", (UNITS / name).read_text(), re.MULTILINE))
        environment = Path(unit["EnvironmentFile"]).read_text()
        given = dict(re.findall(r"^(\w+)=(.*)$", environment, re.MULTILINE))
        os.chdir(unit["WorkingDirectory"])
        start(*shlex.split(unit["ExecStart"]), GUNICORN_CMD_ARGS=f"--bind=127.0.0.1:{WEB}", **given)
    for name in (name for name in names if name.endswith(".timer")):
        assert (UNITS / name).exists()


def certbot(*words: str) -> None:
    live = FOLDER / "etc/letsencrypt/live" / words[-1]
    live.mkdir(parents=True)
    request = ("-x509", "-subj", f"/CN={words[-1]}", "-nodes", "-days", "1")
    files = ("-keyout", str(live / "privkey.pem"), "-out", str(live / "fullchain.pem"))
    subprocess.run(["openssl", "req", *request, *files], check=True, capture_output=True)


def nginx(*words: str) -> None:
    """Try the site that was put in place, at ports of the test."""
    site = FOLDER / "etc/nginx/sites-enabled/record"
    changes = {
        "listen 443 ssl http2;\n    listen [::]:443 ssl http2;": f"listen 127.0.0.1:{TLS} ssl;",
        "listen 80;\n    listen [::]:80;": f"listen 127.0.0.1:{PLAIN};",
        "server 127.0.0.1:8000": f"server 127.0.0.1:{WEB}",
    }
    (FOLDER / "site.conf").write_text(replaced(moved(site.read_text()), changes))
    (FOLDER / "nginx.conf").write_text(NGINX_CONF.format(folder=FOLDER))
    tried = ["/usr/sbin/nginx", *words, "-e", "stderr", "-c", str(FOLDER / "nginx.conf")]
    subprocess.run(tried, check=True)


def runuser(*words: str) -> None:
    command = words[words.index("--") + 1 :]
    os.execvp(command[0], command)


def git(verb: str, address: str, folder: str) -> None:
    Path(folder).symlink_to(ROOT)


def curl(*words: str) -> None:
    """Ask at the port that the test has for 443."""
    _, _, host, path = words[-1].split("/", 3)
    client = HTTPSConnection("127.0.0.1", int(TLS), context=ssl._create_unverified_context())
    client.request("GET", f"/{path}", headers={"Host": host})
    sys.exit(client.getresponse().status != 200)


def nothing(*words: str) -> None:
    """Stand in for what is there already."""


def python3(*words: str) -> None:
    assert words == ("-m", "venv", ".venv")


PROGRAMS = (install, systemctl, certbot, nginx, runuser, git, curl, python3)
NAMES = {program.__name__: program for program in PROGRAMS}
NAMES |= dict.fromkeys(("apt-get", "adduser", "createuser", "createdb"), nothing)


def put(folder: Path) -> None:
    """Put the stand-ins where a shell finds them first."""
    folder.mkdir()
    for name in NAMES:
        script = folder / name
        module = f'PYTHONPATH={ROOT} exec {sys.executable} -m tests.stand_ins {name} "$@"'
        script.write_text(f"#!/bin/sh\n{module}\n")
        script.chmod(0o755)


if __name__ == "__main__":
    NAMES[sys.argv[1]](*sys.argv[2:])
