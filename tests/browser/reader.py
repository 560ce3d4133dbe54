"""A reader who has a keyboard only: goes from one thing to the next, and sees where that is."""

import re

# The ring is there and differs from the paper; what has it is in the window, nowhere all covered
# (WCAG 2.4.11).
LOOK = """() => {
    const e = document.activeElement, s = getComputedStyle(e);
    const parts = [.1, .3, .5, .7, .9];
    const points = [...e.getClientRects()].flatMap(r => parts.flatMap(across => parts.map(down =>
        [r.left + r.width * across, r.top + r.height * down])));
    const tops = points.map(([x, y]) => document.elementFromPoint(x, y)).filter(Boolean);
    const label = e.labels && e.labels.length ? e.labels[0].innerText : '';
    return {
        name: (label || e.innerText || e.getAttribute('aria-label') || '')
            .replace(/\\s+/g, ' ').trim(),
        html: e.outerHTML.slice(0, 150),
        look: [e.tagName, e.className, e.parentElement && e.parentElement.className].join(),
        is_body: e === document.body,
        has_ring: s.outlineStyle === 'solid' && parseFloat(s.outlineWidth) >= 3
            && s.outlineColor !== getComputedStyle(document.body).backgroundColor,
        is_seen: tops.some(top => e.contains(top)),
    };
}"""


class Reader:
    """Somebody with a keyboard alone; the test fails where they could not see where they are."""

    def __init__(self, page, address="/"):
        self.page = page
        self.opened = 1
        page.goto(address)

    def step(self):
        """Go to the next thing and return how it looks, or None after the last."""
        self.page.keyboard.press("Tab")
        look = self.page.evaluate(LOOK)
        if look["is_body"]:
            return None
        assert look["has_ring"], look
        assert look["is_seen"], look
        return look

    def reach(self, name):
        """Go on to the thing with this name; a text is the whole of it, a pattern its beginning."""
        seen = []
        while look := self.step():
            seen.append(look["name"])
            if (
                re.match(name, look["name"])
                if isinstance(name, re.Pattern)
                else (look["name"] == name)
            ):
                return
        raise AssertionError(f"{name} is not reached on {self.page.url}: {seen}")

    def follow(self, name):
        """Follow a link, or press a button, and read on there."""
        self.reach(name)
        before = self.page.url
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda address: address != before)
        self.page.wait_for_load_state()
        self.opened += self.page.url.partition("#")[0] != before.partition("#")[0]

    def tick(self, name):
        """Tick a box of a form; its count may stand behind its name."""
        self.reach(re.compile(rf"{re.escape(name)}( \d+)?$"))
        self.page.keyboard.press("Space")
        assert self.page.locator(":focus").is_checked()

    def choose(self, name, value):
        """Choose from a list by typing the beginning of what is wanted."""
        self.reach(name)
        self.page.keyboard.type(value)
        chosen = self.page.evaluate("() => document.activeElement.selectedOptions[0].text")
        assert chosen.startswith(value)

    def download(self, name):
        """Follow a link that leads to a file; return the file's text."""
        self.reach(name)
        with self.page.expect_download() as waiting:
            self.page.keyboard.press("Enter")
        return waiting.value.path().read_text()

    def section(self, heading):
        """Return what stands under a heading of the page."""
        sections = self.page.locator("main section")
        return sections.filter(has=self.page.get_by_role("heading", name=heading, exact=True)).last
