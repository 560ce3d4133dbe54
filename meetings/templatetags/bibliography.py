"""References to works, in citation styles and file formats."""

from django import template

from ..exporting import bibliography

register = template.Library()

register.filter(bibliography.chicago)
register.filter(bibliography.apa)
register.filter(bibliography.bibtex)
register.filter(bibliography.coins)


@register.filter
def coins_of(source):
    """Return the ContextObject of a source."""
    return bibliography.coins(bibliography.source_work(source))


@register.simple_tag
def bibliography_formats():
    """Return the file formats of references by extension."""
    return bibliography.FILE_FORMATS
