"""Words as search compares them: without case, accents and script."""

import pytest

from meetings.search.normalize import MAX_WORD_CHARACTERS, fold, further_latin_forms, latin_forms


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Erdoğan, ŁÓDŹ & Straße", "erdogan lodz strasse"),
        ("Helsinki-2018", "helsinki 2018"),
        ("Путин", "putin"),
        ("Μητσοτάκης", "mitsotakis"),
        ("北京", "beijing"),
        ("ＵＮ", "un"),
        ("😀 ok", "ok"),
        ("", ""),
    ],
)
def test_words_lose_case_accents_and_script(text, folded):
    assert fold(text) == folded


def test_longest_word_is_cut():
    assert len(fold("x" * 5_000)) == MAX_WORD_CHARACTERS


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("Сергей Лавров", "sergei lavrov"),
        ("Сергей Лавров", "sergey lavrov"),
        ("Юрий Ушаков", "yuri ushakov"),
        ("Дмитрий Песков", "dmitry peskov"),
        ("Ельцин", "yeltsin"),
        ("Хельсинки", "helsinki"),
        ("Зеленський", "zelensky"),
        ("Хрущёв", "khrushchev"),
    ],
)
def test_cyrillic_names_have_the_ways_in_which_english_writes_them(name, english):
    assert english in latin_forms(name)


def test_latin_text_has_one_form_and_no_other():
    assert latin_forms("Arms Control") == ("arms control",)
    assert further_latin_forms("Arms Control") == ""
    assert "sergei" in further_latin_forms("so Сергей said").split()
