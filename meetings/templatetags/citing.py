"""How references look on a page."""

from django import template

from .. import citing

register = template.Library()

register.filter(citing.chicago)
register.filter(citing.apa)
register.filter(citing.bibtex)


@register.simple_tag
def citation_files():
    """Return the forms of file that a reference can be had in, by the end of their names."""
    return citing.FILES
