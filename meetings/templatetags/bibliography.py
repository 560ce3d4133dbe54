"""How references look on a page."""

from django import template

from ..exporting import bibliography

register = template.Library()

register.filter(bibliography.chicago)
register.filter(bibliography.apa)
register.filter(bibliography.bibtex)


@register.simple_tag
def bibliography_formats():
    """Return the forms of file that a reference can be had in, by the end of their names."""
    return bibliography.FILE_FORMATS
