"""Citing at the keyboard: fields for texts with markers, and the search for a source to cite."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html

from ..models import Source
from ..text import markdown

MOST_FOUND = 20
POPUP_FIELD = "slug"


@dataclass
class CitedText:
    """What a text cites, for its writer: ``sources`` are those known, by slug."""

    text: str
    sources: dict[str, Source]
    paragraphs: list[markdown.Paragraph] = field(init=False)

    def __post_init__(self):
        self.paragraphs = list(markdown.paragraphs(self.text))

    @property
    def uncited(self) -> list[markdown.Paragraph]:
        return [paragraph for paragraph in self.paragraphs if not paragraph.citations]

    @property
    def cited(self) -> list[Source]:
        slugs = markdown.cited_slugs(self.text)
        return [self.sources[slug] for slug in slugs if slug in self.sources]

    @property
    def unknown(self) -> list[str]:
        """The slugs that no source has."""
        return [slug for slug in markdown.cited_slugs(self.text) if slug not in self.sources]

    @property
    def broken(self) -> tuple[str, ...]:
        """The beginnings of what was meant as a marker and is none."""
        return markdown.broken_markers(self.text)


def cited_text_html(text: str, sources: dict[str, Source]) -> str:
    cited_text = CitedText(text, sources) if text.strip() else None
    return render_to_string("admin/meetings/cited_text.html", {"cited_text": cited_text})


def sources_cited_in(texts: Iterable[str]) -> dict[str, Source]:
    """Return the sources that texts cite, by slug, in one query or none."""
    slugs = sorted({slug for text in texts for slug in markdown.cited_slugs(text)})
    if not slugs:
        return {}
    return {source.slug: source for source in Source.objects.filter(slug__in_array=slugs)}


class ProseInput(AdminTextareaWidget):
    """A text with markers; below it what they stand for, once ``sources`` is known."""

    sources: dict[str, Source] | None = None

    def __init__(self, attrs=None):
        super().__init__({"data-cites": ""} | (attrs or {}))

    def render(self, name, value, attrs=None, renderer=None):
        field = super().render(name, value, attrs, renderer)
        if self.sources is None:
            return field
        below = cited_text_html(value or "", self.sources)
        return format_html(
            '<div class="citing">{}<button type="button" class="button cite">Cite a source</button>'
            '<div class="cited">{}</div></div>',
            field,
            below,
        )


def prose_fields(forms: Iterable[BaseForm]):
    """Return the bound fields of forms that hold texts with markers."""
    return [bound for form in forms for bound in form if isinstance(bound.field.widget, ProseInput)]


def show_citations(context) -> bool:
    """Let each text of a change form say what it cites; return whether the form has any.

    The sources of all texts are fetched in one query.
    """
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    forms = [context["adminform"].form, *(form for formset in formsets for form in formset.forms)]
    fields = prose_fields(forms)
    sources = sources_cited_in(bound.value() or "" for bound in fields)
    # A new part is made of the empty form.
    new = [field for formset in formsets for field in formset.form.base_fields.values()]
    widgets = [field.widget for field in (*(bound.field for bound in fields), *new)]
    for widget in widgets:
        if isinstance(widget, ProseInput):
            widget.sources = sources
    return bool(fields)


class CitingViews:
    """What the picker of sources asks, for the ModelAdmin of sources."""

    def desk_pages(self):
        own = {
            "to_cite": ("to-cite/", self.to_cite_view),
            "cited": ("cited/", self.cited_view),
        }
        return own | super().desk_pages()

    def to_field_allowed(self, request, to_field):
        # The picker needs the slug of a source that was added in its window.
        return to_field == POPUP_FIELD or super().to_field_allowed(request, to_field)

    def to_cite_view(self, request):
        """Return the sources that fit the typed words, the latest ones where there are none."""
        self.refuse_unless_viewer(request)
        words = request.GET.get("q", "").strip()
        found, _ = self.get_search_results(request, Source.objects.order_by("-pk"), words)
        if words:
            is_named = ExpressionWrapper(Q(slug=words), output_field=BooleanField())
            found = found.annotate(is_named=is_named).order_by("-is_named", *Source._meta.ordering)
        rows = list(found[: MOST_FOUND + 1])
        sources = [described(source) for source in rows[:MOST_FOUND]]
        return JsonResponse({"sources": sources, "has_more": len(rows) > MOST_FOUND})

    def cited_view(self, request):
        """Return what stands below a text, as it is typed."""
        self.refuse_unless_viewer(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        text = request.POST.get("text", "")
        return HttpResponse(cited_text_html(text, sources_cited_in([text])))

    def refuse_unless_viewer(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied


def described(source: Source) -> dict[str, str]:
    """Return what the picker shows of a source."""
    return {"slug": source.slug, "title": source.title, "about": about(source)}


def about(source: Source) -> str:
    """Return what tells a source from others of its title: White House · 16 July 2018 · slug."""
    day = date_format(source.published, "j F Y") if source.published else ""
    return " · ".join(filter(None, [source.publisher, day, source.slug]))
