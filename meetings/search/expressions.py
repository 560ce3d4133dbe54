"""Full-text expressions in the syntax of each database: SQLite's FTS5, PostgreSQL's ``tsquery``.

Folded words consist of a to z and digits, so that nothing typed is syntax.
https://www.sqlite.org/fts5.html#full_text_query_syntax
https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY
"""

from collections.abc import Iterable

from .terms import Term


def fts5(terms: Iterable[Term], *, in_title: bool = False, any_of: bool = False) -> str:
    """Return the expression for rows with every term, or any of them, in the title or anywhere."""
    found = (" OR " if any_of else " AND ").join(
        f"({' OR '.join(fts5_form(form, term.is_exact) for form in term.forms)})" for term in terms
    )
    return f"{{title}} : ({found})" if in_title else found


def fts5_form(form: tuple[str, ...], is_exact: bool) -> str:
    return f'"{" ".join(form)}"' + ("" if is_exact else " *")


def tsquery(terms: Iterable[Term], *, in_title: bool = False, any_of: bool = False) -> str:
    """Return the same for PostgreSQL, where the title's words have the weight A."""
    weight = "A" if in_title else ""
    return (" | " if any_of else " & ").join(
        f"({' | '.join(tsquery_form(form, term.is_exact, weight) for form in term.forms)})"
        for term in terms
    )


def tsquery_form(form: tuple[str, ...], is_exact: bool, weight: str) -> str:
    label = ("" if is_exact else "*") + weight
    return f"({' <-> '.join(f'{word}:{label}' if label else word for word in form)})"


SYNTAX = {"sqlite": fts5, "postgresql": tsquery}
