"""The files of ``deploy/`` as a test uses them: with folders and ports of its own."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SITE = ROOT / "deploy" / "nginx.conf"
NGINX_CONF = """
daemon off;
user root;
pid {folder}/nginx.pid;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def replaced(text: str, changes: dict[str, str]) -> str:
    """Return a text with some of its words changed, each of which has to be there."""
    for old, new in changes.items():
        assert old in text, f"{old} is no more in the file that is shipped"
        text = text.replace(old, new)
    return text


def write_nginx(folder: Path, changes: dict[str, str]) -> Path:
    """Write nginx's configuration around the site that is shipped, changed for a test."""
    (folder / "site.conf").write_text(replaced(SITE.read_text(), changes))
    path = folder / "nginx.conf"
    path.write_text(NGINX_CONF.format(folder=folder))
    return path


def without_tls(port: int, servers: list[int], folder: Path) -> dict[str, str]:
    """Return the changes for a proxy that listens to plain HTTP in front of local servers.

    Static files are those in a folder; without any, the servers have them.
    """
    tls = "    listen 443 ssl http2;\n    listen [::]:443 ssl http2;"
    upstream = "\n    ".join(f"server 127.0.0.1:{each} fail_timeout=2s;" for each in servers)
    return {
        "server 127.0.0.1:8000 fail_timeout=2s;": upstream,
        tls: f"    listen 127.0.0.1:{port};",
        "    listen 80;\n    listen [::]:80;": f"    listen unix:{folder}/plain.sock;",
        "    ssl_certificate /etc/letsencrypt/live/record.example/fullchain.pem;\n": "",
        "    ssl_certificate_key /etc/letsencrypt/live/record.example/privkey.pem;\n": "",
        "/var/lib/record": str(folder),
        "/opt/record": str(ROOT),
        # All clients of a test have one address.
        "limit_conn record_clients 50": "limit_conn record_clients 500",
    }
