"""Filters and tags for the record's values: texts, dates, names, numbers, addresses."""

from html import unescape

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from ..exporting import linked_data
from ..lists.addresses import address_with
from ..models.evidence import evidence_of_row
from ..text import countries, languages, rendering
from .kept import kept_piece

# As much as search engines and previews show of a description, and room for a long name.
DESCRIPTION_CHARACTERS = 300

register = template.Library()
register.filter("language_name", languages.language_name)
register.filter("quoted", languages.in_quotation_marks)
register.filter("foreign", languages.mark_languages)
register.filter("foreign_name", languages.mark_name)


@register.simple_tag(name="prose")
def prose_tag(text, notes=None, level=3):
    """Render Markdown, its citations as notes of the page."""
    return rendering.render(text, notes, level=level)


class BesideTextNode(template.Node):
    """What stands beside a text, the text, and the list of the notes of both."""

    child_nodelists = ("beside", "text", "notes")

    def __init__(self, beside, text, notes):
        self.beside, self.text, self.notes = beside, text, notes

    def render(self, context):
        text = self.text.render(context)
        beside = self.beside.render(context)
        return beside + text + self.notes.render(context)


@register.tag
def beside_text(parser, token):
    """Number the notes of ``{% text %}`` first, then those of what stands beside and before it.

    From ``{% notes %}`` on the page has the list of them.
    """
    parts = []
    for end in ("text", "notes", "endbeside_text"):
        parts.append(parser.parse((end,)))
        parser.delete_first_token()
    return BesideTextNode(*parts)


@register.simple_tag(takes_context=True, name="address_with")
def address_with_tag(context, **changes):
    """Return the page's own address with parameters changed; None removes one."""
    return address_with(context.request, **changes)


@register.simple_tag(takes_context=True)
def repeat_block(context, name):
    """Render a block of the page a second time."""
    return context.render_context[BLOCK_CONTEXT_KEY].get_block(name).render(context)


@register.simple_tag(name="linked_data")
def linked_data_tag(described=None):
    """Return the JSON-LD of a page, or of the site, in a script no browser executes."""
    # Safe: the JSON has <, > and & as escapes, so no tag can begin or end in it.
    text = mark_safe(linked_data.json_ld(described) if described else linked_data.website())
    return format_html('<script type="application/ld+json">{}</script>', text)


@register.filter
def stylesheets(names):
    """Return the paths of style sheets, given by name in one text."""
    return [f"css/{name}.css" for name in names.split()]


@register.filter
def one_line(text):
    """Return a text with single spaces for the line ends and indentation of templates."""
    return " ".join(text.split())


@register.filter
def described_as(html, attribute):
    """Return the meta element that describes a page in the words of a block; nothing for none.

    ``attribute`` names the element: name=description.
    """
    name, _, value = attribute.partition("=")
    words = shortened(unescape(html), DESCRIPTION_CHARACTERS)
    return format_html('<meta {}="{}" content="{}">', name, value, words) if words else ""


def shortened(text, most):
    """Return a text on one line with so many characters at most, cut after a word."""
    line = one_line(text)
    if len(line) <= most:
        return line
    return line[: line.rindex(" ", 0, most)].rstrip(" ,;:–") + "…"


@register.filter
def page_numbers(page):
    """Return the numbers of the pages to link to; None stands for a gap."""
    pages = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else None for number in pages]


@register.filter
def plain(text):
    """Return the words of a Markdown text, for lists and descriptions."""
    return rendering.plain_text(text)


@register.filter
def marked(pieces):
    """Return the pieces of a text, those that match what was searched in ``mark`` elements."""
    shown = ((format_html("<mark>{}</mark>", p.text) if p.is_match else p.text,) for p in pieces)
    return format_html_join("", "{}", shown)


@register.simple_tag
def sources_of(text, notes):
    """Return the sources that a text cites, for the line under it."""
    return notes.sources_cited_in(text)


@register.filter
@kept_piece
def source_link(source):
    """Return the link to a source's document, or to its page here, and to the archived copy."""
    name = languages.mark_languages(source.publisher or source.title, source.language)
    published = format_html(", {}", day(source.published)) if source.published else ""
    address = source.url or source.get_absolute_url()
    words = [format_html('<a href="{}">{}{}</a>', address, name, published)]
    if source.is_gone:
        words.append(format_html("(no longer at this address)"))
    if source.archived_url:
        words.append(format_html('(<a href="{}">archived copy</a>)', source.archived_url))
    return format_html_join(" ", "{}", ((each,) for each in words))


@register.simple_tag
def evidence(row, notes=None):
    """Return what an account, an outcome or a reaction rests on; without notes by its own list."""
    sources = notes.sources if notes else {source.slug: source for source in row.sources.all()}
    return evidence_of_row(row, sources)


@register.simple_tag
def published_account(text, notes):
    """Return the sources of a readout that are the account itself, or that it is known from."""
    return notes.published_account_in(text)


@register.filter
def backlinks(note):
    """Return the links from a note to the places that cite it, each with its locator."""
    is_lettered = len(note.uses) > 1
    # Safe: beside the locator, which is escaped, there are numbers and letters of ours.
    return mark_safe(
        "".join(
            f'<a href="#{use.anchor}" aria-label="Back to statement {use.number} {use.letter}">'
            f"↑{f' {use.letter}' if is_lettered else ''}</a>"
            f"{f' ({escape(use.locator)})' if use.locator else ''} "
            for use in note.uses
        )
    )


@register.filter
def day(date):
    """Return a date as 16 July 2018, in a ``time`` element."""
    if date is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', date.isoformat(), format_day(date))


@register.filter
def days(meeting):
    """Return the days of a meeting: one date, or two with an en dash, as 10–11 November 2017."""
    return date_range(meeting.starts_on, meeting.last_day)


@register.filter
def role_days(role):
    """Return the first and the last day for which a role is on record."""
    return date_range(role.first, role.last)


def date_range(first, last):
    if first == last:
        return day(first)
    if first.year != last.year:
        start = format_day(first)
    else:
        start = str(first.day) if first.month == last.month else f"{first.day} {first:%B}"
    # Between two single days the dash stands close, between longer dates it takes spaces.
    dash = "–" if start.isdigit() else " – "
    return format_html(
        '<time datetime="{}">{}</time>{}{}', first.isoformat(), start, dash, day(last)
    )


def format_day(date) -> str:
    return f"{date.day} {date:%B} {date.year}"


@register.filter
def account_name(country):
    """Return the name of a government's account: Russian account, United States account."""
    return f"{countries.country_adjective(country)} account"


@register.filter
def account_anchor(discussion, government):
    """Return the anchor of a government's account on the page of the meeting."""
    return f"{discussion.issue.slug}-{government.code.lower()}"


@register.filter
def reported_by(discussion):
    """Return what a discussion is reported by: both accounts, Russian account only …

    A denial comes first, with what the others state.
    """
    if discussion.denied_by:
        denied = " and ".join(str(country.name) for country in discussion.denied_by)
        stated = [countries.country_adjective(country) for country in discussion.stated_by]
        reported = f"{' and '.join(stated)} account only, " if stated else ""
        return f"{reported}denied by {denied}"
    if discussion.is_press_only or discussion.is_agenda:
        return "press only" if discussion.is_press_only else "published agenda"
    names = [countries.country_adjective(country) for country in discussion.stated_by]
    if not names:
        return "the record, from no government’s account"
    if len(names) == len(discussion.accounts_by_government) > 1:
        return "both accounts" if len(names) == 2 else "all accounts"
    if len(names) == 1:
        return f"{names[0]} account only"
    return f"{', '.join(names[:-1])} and {names[-1]} accounts only"


@register.filter
def delegation_name(country):
    """Return the name of a delegation: Russian side, United States side."""
    return f"{countries.country_adjective(country)} side"


@register.filter
def number(value):
    """Return a number with a thin space between thousands: 10 000."""
    return f"{value:,}".replace(",", " ")


@register.filter
def duration(minutes):
    """Return a number of minutes as 2 hours 16 minutes."""
    hours, rest = divmod(minutes, 60)
    parts = [(hours, "hour"), (rest, "minute")]
    return " ".join(f"{n} {unit}{'s' if n != 1 else ''}" for n, unit in parts if n)
