"""A page of another origin reads every kind of data: notebooks, maps, editors of references."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
FILES = (
    "/meetings.json",
    "/meetings/helsinki-2018.json",
    "/reactions.csv?stance=critical",
    "/reactions.xlsx",
    "/data/places.csv",
    "/data/record.zip",
    "/data/record.xlsx",
    "/data/record.sqlite",
    "/data/codebook.json",
    "/data/openapi.json",
    "/meetings.atom",
    "/changes.json",
    "/meetings/helsinki-2018/cite.bib",
    "/meetings/helsinki-2018/cite.csl.json",
    "/meetings/helsinki-2018/card.png",
)
# A condition is a header that a browser asks about first.
FETCH = """async (addresses) => Promise.all(addresses.map(async address => {
  try {
    const first = await fetch(address);
    const bytes = (await first.arrayBuffer()).byteLength;
    const headers = {"If-Match": "*", "If-None-Match": first.headers.get("ETag") ?? "none"};
    const again = await fetch(address, {headers, cache: "no-store"});
    return [first.status, bytes > 0, first.headers.has("ETag"), again.type];
  } catch (error) { return [address, String(error)]; }
}))"""


class Elsewhere(BaseHTTPRequestHandler):
    """A site with one empty page."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Elsewhere</title>")

    def log_message(self, *args):
        """Write nothing."""


@pytest.fixture
def elsewhere():
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_script_of_another_site_reads_every_kind_of_data(browser, site, elsewhere):
    page = browser.new_page()
    page.goto(elsewhere)

    found = page.evaluate(FETCH, [site + path for path in FILES])
    refused = page.evaluate(
        "address => fetch(address).then(() => 'read', error => error.name)", f"{site}/meetings/"
    )
    page.close()

    assert found == [[200, True, True, "cors"]] * len(FILES)
    assert refused == "TypeError"
