"""References: what they say, and that other programs' readers get back what was put in."""

import json
from datetime import date

import pytest
import rispy
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from meetings.exporting.bibliography import FILE_FORMATS, apa, chicago, dataset_work, work_of
from meetings.exporting.catalogue import Dataset
from meetings.models import Meeting, Source

TITLES = [
    "A plain title",
    "Braces } that { do not match }} and \\{ some",
    "“Curly” and \"straight\" and 'single' and ``grave`` and ''two''",
    "R&D, 100% of $5_000 #1 ~ ^ @article{x,",
    "A backslash \\ and C:\\new\\table \\textbf{x}",
    "Line\nends\r\nof\u2028every\x85kind\x0b\x1cER  - \nTY  - BOOK",
    "Путин и Трамп: встреча – 会談 🤝",
    "Dashes - -- --- and <<a>> ,,b`` <script>alert(1)</script>",
    "TY  - BOOK",
]
TODAY = date(2026, 11, 23)


def source(**values):
    values = {"slug": "one", "title": "Report", "kind": "news", "language": "en"} | values
    return work_of(Source(**values), changed=None, today=TODAY)


def meeting(title="Talks", changed=date(2026, 10, 2)):
    return work_of(Meeting(slug="talks", title=title), changed=changed, today=TODAY)


def on_one_line(text):
    """Return a text as every format keeps it: one line, its spaces single."""
    return " ".join(text.split())


# Two commands of LaTeX that the decoder does not know, or takes for an accent.
LATEX_CONTEXT = get_default_latex_context_db()
LATEX_CONTEXT.add_context_category(
    "signs",
    macros=[
        MacroTextSpec("textbraceleft", "{"),
        MacroTextSpec("textbraceright", "}"),
        MacroTextSpec("textasciicircum", "^"),
    ],
    prepend=True,
)


def read_bibtex(work):
    """Return the one entry that an independent reader finds, its fields as TeX shows them."""
    data = parse_string(FILE_FORMATS["bib"].write(work), "bibtex")
    [(key, entry)] = data.entries.items()
    decoder = LatexNodes2Text(latex_context=LATEX_CONTEXT, strict_latex_spaces=True)
    fields = {
        name: value if name == "url" else decoder.latex_to_text(value)
        for name, value in entry.fields.items()
    }
    people = [decoder.latex_to_text(str(person)) for person in entry.persons.get("author", [])]
    return fields | {"key": key, "type": entry.type, "authors": people}


def read_ris(work):
    [entry] = rispy.loads(FILE_FORMATS["ris"].write(work))
    return entry


def read_csl(work):
    """Return the item, after a processor of citations has made a bibliography of it."""
    [item] = json.loads(FILE_FORMATS["csl.json"].write(work))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    listed = CitationStylesBibliography(style, CiteProcJSON([item]), formatter.plain)
    listed.register(Citation([CitationItem(item["id"])]))
    return item | {"line": str(listed.bibliography()[0])}


@pytest.mark.parametrize("title", TITLES)
def test_readers_get_back_the_title(title):
    work = source(title=title)

    assert on_one_line(read_bibtex(work)["title"]) == on_one_line(title)
    assert on_one_line(read_ris(work)["title"]) == on_one_line(title)
    assert on_one_line(read_csl(work)["title"]) == on_one_line(title)


SIGNS = [*"\\{}%&$#_~^`'\"-<>,@=\n\r\t\u2028 ", "ER  - ", "TY  - ", "\\textbf", " and "]
letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
texts = st.lists(st.sampled_from(SIGNS) | letters, min_size=1).map("".join)


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(title=texts.filter(str.strip), publisher=texts)
def test_readers_find_one_entry_whatever_the_title(title, publisher):
    work = source(title=title, publisher=publisher, kind="book")

    entry = read_bibtex(work)
    assert on_one_line(entry["title"]) == on_one_line(title)
    assert on_one_line(entry.get("publisher", "")) == on_one_line(publisher)
    assert on_one_line(read_ris(work)["title"]) == on_one_line(title)
    [item] = json.loads(FILE_FORMATS["csl.json"].write(work))
    assert on_one_line(item["title"]) == on_one_line(title)


def test_page_is_cited_with_the_record_as_its_author(settings):
    settings.SITE_NAME, settings.SITE_URL = "A Record & Co", "https://record.example"
    work = meeting()

    entry = read_bibtex(work)
    assert (entry["key"], entry["type"]) == ("meetings-talks", "online")
    assert entry["authors"] == ["A Record & Co"]
    assert entry["url"] == "https://record.example/meetings/talks/"
    assert (entry["date"], entry["year"], entry["month"]) == ("2026-10-02", "2026", "October")
    assert entry["urldate"] == "2026-11-23"
    ris = read_ris(work)
    assert (ris["type_of_reference"], ris["authors"]) == ("ELEC", ["A Record & Co"])
    assert (ris["date"], ris["access_date"]) == ("2026/10/02", "2026/11/23")
    assert ris["urls"] == ["https://record.example/meetings/talks/"]
    line = read_csl(work)["line"]
    assert "A Record & Co" in line
    assert "2026" in line
    assert "https://record.example/meetings/talks/" in line


KINDS = {
    "transcript": ("online", "ELEC", "webpage"),
    "official_statement": ("online", "ELEC", "webpage"),
    "intelligence_report": ("techreport", "RPRT", "report"),
    "treaty": ("misc", "STAT", "treaty"),
    "law": ("misc", "STAT", "legislation"),
    "dataset": ("misc", "DATA", "dataset"),
    "news": ("article", "NEWS", "article-newspaper"),
    "analysis": ("techreport", "RPRT", "report"),
    "article": ("article", "JOUR", "article-journal"),
    "book": ("book", "BOOK", "book"),
}


@pytest.mark.parametrize("kind", Source.Kind.values)
def test_source_is_cited_as_what_it_is(kind):
    address = "https://press.example/a_b%20c?x={1}&y#z"
    work = source(
        kind=kind,
        authors="Ada Lovelace, John Roe, Jr.",
        publisher="Press & Co",
        published=date(2018, 7, 16),
        url=address,
        language="ru",
    )

    entry, ris, item = read_bibtex(work), read_ris(work), read_csl(work)

    assert (entry["type"], ris["type_of_reference"], item["type"]) == KINDS[kind]
    assert len(entry["authors"]) == 2
    assert ris["authors"] == ["Ada Lovelace", "John Roe, Jr."]
    assert "Press & Co" in entry.values()
    assert "Press & Co" in ris.values()
    assert "Press & Co" in item.values()
    assert (entry["date"], ris["date"]) == ("2018-07-16", "2018/07/16")
    assert item["issued"] == {"date-parts": [[2018, 7, 16]]}
    assert entry["url"] == "https://press.example/a_b%20c?x=%7B1%7D&y#z"
    assert (ris["urls"], item["URL"]) == ([address], address)
    assert {entry["language"], ris["language"], item["language"]} == {"ru"}


def test_source_without_anything_but_a_title_is_cited():
    work = source(title="Untitled?", kind="transcript", language="")

    assert read_bibtex(work)["title"] == "Untitled?"
    assert read_ris(work)["type_of_reference"] == "GOVDOC"
    assert read_csl(work)["type"] == "document"
    assert chicago(work) == "“Untitled?” n.d."
    assert apa(work) == "<i>Untitled?</i> (n.d.)."


def test_lines_of_ris_end_as_the_format_asks():
    lines = FILE_FORMATS["ris"].write(meeting()).split("\r\n")

    assert lines[0] == "TY  - ELEC"
    assert lines[-2:] == ["ER  - ", ""]
    assert not [line for line in lines if "\n" in line or line[2:6] not in {"  - ", ""}]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"title_is": "described"}, "Press agency. [Report]. July 16, 2018."),
        ({"title_is": "translated"}, "Press agency. [Report]. July 16, 2018."),
        ({"title_is": "shortened"}, "Press agency. “Report.” July 16, 2018."),
        ({"date_is": "approximate"}, "Press agency. “Report.” ca. 2018."),
        ({"date_is": "month"}, "Press agency. “Report.” July 2018."),
        ({"date_is": "year"}, "Press agency. “Report.” 2018."),
    ],
)
def test_what_is_ours_of_a_title_or_not_known_of_a_date_is_marked(values, shown):
    work = source(publisher="Press agency", published=date(2018, 7, 16), **values)

    assert chicago(work) == shown


def test_date_known_about_is_circa_in_every_format():
    work = source(published=date(2018, 7, 16), date_is="approximate")

    assert read_bibtex(work)["year"] == "ca. 2018"
    assert "date" not in read_bibtex(work)
    assert read_ris(work)["date"] == "2018///circa"
    assert read_csl(work)["issued"] == {"date-parts": [[2018]], "circa": True}
    assert "(ca. 2018)" in apa(work)


def test_publisher_with_and_in_its_name_is_one():
    work = source(kind="book", publisher="United States and Soviet Union")

    assert "publisher = {{United States and Soviet Union}}" in FILE_FORMATS["bib"].write(work)
    assert read_bibtex(work)["authors"] == ["United States and Soviet Union"]


def test_reference_to_the_data_has_a_key_of_its_own(settings):
    settings.SITE_NAME = "A Record"

    assert dataset_work(Dataset([]), changed=None, today=TODAY).key == "a-record-data"


@pytest.mark.parametrize("form", FILE_FORMATS)
@pytest.mark.parametrize("number", [0, 1, 3])
def test_bibliography_holds_every_work_once(form, number):
    works = [source(slug=f"n{each}") for each in range(number)]

    text = "".join(FILE_FORMATS[form].pieces(works))

    keys = {
        "bib": lambda: list(parse_string(text, "bibtex").entries),
        "ris": lambda: [entry["id"] for entry in rispy.loads(text)],
        "csl.json": lambda: [item["id"] for item in json.loads(text)],
    }[form]()
    assert keys == [f"sources-n{each}" for each in range(number)]
