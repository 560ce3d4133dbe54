"""Which theme a reader chose, kept in a cookie; without one the reader's system decides."""

COOKIE = "theme"
YEAR = 365 * 24 * 60 * 60
THEMES = {"light": "Light", "dark": "Dark"}


def chosen(request) -> str:
    """Return the theme the reader chose, or nothing if none or none of ours was."""
    theme = request.COOKIES.get(COOKIE, "")
    return theme if theme in THEMES else ""
