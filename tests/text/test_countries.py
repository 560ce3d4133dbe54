import pytest
from django_countries import countries
from django_countries.fields import Country

from meetings.text.countries import ADJECTIVES, country_adjective

# Members of the United Nations whose name itself stands before a noun.
BY_NAME = {"AG", "BW", "CD", "CG", "DM", "DO", "GB", "KI", "KN", "LI", "LS", "LU", "MK", "MM"}
BY_NAME |= {"NZ", "SB", "ST", "TT", "US", "VC", "VU"}
OTHERS = {"GL", "PS", "TW", "XK"}
UN_MEMBERS = 193


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("RU", "Russian"),
        ("FI", "Finnish"),
        ("XK", "Kosovar"),
        ("GQ", "Equatorial Guinean"),
        ("US", "United States"),
        ("GB", "United Kingdom"),
        ("EU", "European Union"),
    ],
)
def test_country_is_named_as_before_a_noun(code, expected):
    assert country_adjective(Country(code)) == expected
    assert country_adjective(code) == expected


def test_every_member_of_the_united_nations_is_decided_on():
    assert len(ADJECTIVES) == UN_MEMBERS - len(BY_NAME) + len(OTHERS)
    assert not ADJECTIVES.keys() & BY_NAME
    assert ADJECTIVES.keys() >= OTHERS


def test_every_adjective_is_of_a_known_country_and_its_alone():
    assert set(ADJECTIVES) <= set(dict(countries))
    assert len(set(ADJECTIVES.values())) == len(ADJECTIVES)
    assert all(value == value.strip() and value[0].isupper() for value in ADJECTIVES.values())


def test_country_that_is_not_known_has_no_adjective():
    assert country_adjective("") == ""
