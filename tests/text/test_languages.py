"""Words in other languages have a language tag: by script, by row, or by a marker."""

import html5lib
import pytest
from django.utils.safestring import mark_safe

from meetings.models.fields import LineField, ProseField, TextField
from meetings.tables.registry import TABLES
from meetings.text import rendering
from meetings.text.languages import (
    FOREIGN_LETTER,
    TEXT_ONLY_ELEMENTS,
    in_quotation_marks,
    is_language_tag,
    language_name,
    mark_languages,
    mark_name,
)

from .. import factories as make
from ..addresses import pages
from ..test_queries import fill

WORD = "Слово"
# Columns with addresses or codes, and the one with its own language.
SKIPPED_COLUMNS = ("url", "language", "wikidata", "quotation", "translation")


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("No other script – “none”, €5", "ru", "No other script – “none”, €5"),
        ("«Встреча», 16 July", "ru", '«<span lang="ru">Встреча</span>», 16 July'),
        ("Встреча, 16 июля 2018", "uk", '<span lang="uk">Встреча, 16 июля</span> 2018'),
        ("Встреча", "", '<span lang="und-Cyrl">Встреча</span>'),
        ("Встреча", "en", '<span lang="und-Cyrl">Встреча</span>'),
        ("Встреча", "sr-Latn", '<span lang="und-Cyrl">Встреча</span>'),
        ("Встреча", "no language", '<span lang="und-Cyrl">Встреча</span>'),
        ("Σύνοδος", "ru", '<span lang="und-Grek">Σύνοδος</span>'),
        ("会談の結果", "ja", '<span lang="ja">会談の結果</span>'),
        ("会談の結果", "", '<span lang="und-Jpan">会談の結果</span>'),
        ("会谈", "zh-TW", '<span lang="zh-TW">会谈</span>'),
        ("会谈", "", '<span lang="und-Hani">会谈</span>'),
        ("<b>Да</b>", "ru", '&lt;b&gt;<span lang="ru">Да</span>&lt;/b&gt;'),
    ],
)
def test_runs_of_another_script_are_marked(text, language, expected):
    assert mark_languages(text, language) == expected


@pytest.mark.parametrize(
    "html",
    [
        '<p lang="ru">Да <i>да</i></p>',
        '<div lang="ru"><div>Да</div>да<br></div>',
        '<a title="Да > да" href="/да">yes</a>',
        "<option>Да</option><title>Да</title>",
        '<script type="application/ld+json">{"name": "Да"}</script>',
    ],
)
def test_what_has_a_language_or_holds_no_elements_is_left_alone(html):
    after = '<p><span lang="und-Cyrl">Нет</span></p>'

    assert mark_languages(mark_safe(html)) == html
    assert mark_languages(mark_safe(f"{html}<p>Нет</p>")) == html + after


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Realpolitik]{lang=de}", '<p><span lang="de">Realpolitik</span></p>\n'),
        ('[*o* rei]{lang="pt-BR"}', '<p><span lang="pt-BR"><em>o</em> rei</span></p>\n'),
        ("[x]{lang=xx}", "<p>[x]{lang=xx}</p>\n"),
        ("[x]{lang=de-}", "<p>[x]{lang=de-}</p>\n"),
        ("[x]{.de}", "<p>[x]{.de}</p>\n"),
        ("[x](https://x.example)", '<p><a href="https://x.example">x</a></p>\n'),
    ],
)
def test_words_in_latin_letters_are_marked_in_the_text(text, expected):
    assert rendering.render(text) == expected


def test_marked_words_are_plain_words_elsewhere():
    assert rendering.plain_text("A [Realpolitik]{lang=de} of sorts.") == "A Realpolitik of sorts."


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("ru", "Russian"),
        ("sr-Latn", "Serbian (Latin)"),
        ("es-419", "Spanish (Latin America)"),
        ("tl", "Tagalog"),
        ("xx", "xx"),
    ],
)
def test_languages_have_english_names(tag, name):
    assert language_name(tag) == name
    assert is_language_tag(tag) is (tag != name)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "“a”"), ("ru", "«a»"), ("de-AT", "„a“"), ("fr", "«\u00a0a\u00a0»"), ("xx", "“a”")],
)
def test_quotation_marks_follow_the_language(language, expected):
    assert in_quotation_marks("a", language) == expected


def add_foreign_words():
    """Add a word in another script to every text of the record."""
    for table in TABLES[:-1]:  # The last holds addresses.
        kinds = (LineField, TextField, ProseField)
        texts = [f for f in map(table.field, table.columns) if isinstance(f, kinds)]
        texts = [f for f in texts if not f.name.endswith(SKIPPED_COLUMNS)]
        for row in table.model._default_manager.all() if texts else ():
            for text in texts:
                old = getattr(row, text.name)
                setattr(row, text.name, f"{WORD}{row.pk}. {old}" if old else WORD)
            row.save()


def untagged_texts(element, language):
    """Yield the texts in another script under an element that have no language tag."""
    name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "script"
    language = element.get("lang", language)
    if name not in TEXT_ONLY_ELEMENTS and name != "head":
        own = [element.text, *(child.tail for child in element)]
        yield from (
            text for text in own if language == "en" and text and FOREIGN_LETTER.search(text)
        )
        for child in element:
            yield from untagged_texts(child, language)


@pytest.mark.django_db
@pytest.mark.one_database
def test_every_page_names_the_language_of_words_in_another_script(client):
    fill(2)
    add_foreign_words()

    walked = [address for address in pages() if "format=" not in address]
    found = {}
    for address in walked:
        html = client.get(address).content.decode()
        assert WORD in html, address
        if words := list(untagged_texts(html5lib.parse(html), "en")):
            found[address] = words

    assert len(walked) > 30
    assert found == {}


@pytest.mark.django_db
def test_language_of_the_row_is_named_where_it_is_written_so(client):
    russian = make.make_source(slug="s", title="Заявление", publisher="Кремль", language="ru")
    reaction = make.make_reaction(
        summary="Said [@s].",
        sources=[russian],
        quotation="Хороший день",
        quotation_language="ru",
        quotation_source=russian,
    )

    page = client.get(reaction.get_absolute_url()).content.decode()
    source = client.get("/sources/s/").content.decode()

    assert '<p lang="ru">«Хороший день»</p>' in page
    assert '<span lang="ru">Заявление</span></a>' in page
    assert '<h1><span lang="ru">Заявление</span></h1>' in source
    assert '<dd><span lang="ru">Кремль</span></dd>' in source
    assert '<span lang="ru">«Хороший день»</span>' in source
    assert "und-Cyrl" not in source


@pytest.mark.parametrize(
    ("name", "country", "tag"),
    [
        ("Владимир Путин", "RU", "ru"),
        ("Дональд Трамп", "US", "ru"),
        ("Володимир Зеленський", "UA", "uk"),
        ("Олексій Гончаренко", "UA", "uk"),
        ("Владимир Зеленский", "UA", "und-Cyrl"),
        ("林芳正", "JP", "und-Hani"),
    ],
)
def test_name_has_its_language_as_far_as_letters_and_country_tell(name, country, tag):
    assert mark_name(name, country) == f'<span lang="{tag}">{name}</span>'
    assert mark_name("Yury", country) == "Yury"
