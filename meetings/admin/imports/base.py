"""What the pages of an import share: who may see which, where an import stands, its steps."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from ...models import Import

State = Import.State
STEPS = (
    ("choose", "Choose"),
    ("match", "Match columns"),
    ("preview", "Preview"),
    ("confirm", "Import"),
)
PER_PAGE = 50
# The page on which an import is, by what became of it.
PLACES = {
    State.CHOSEN: "match",
    State.PLANNING: "progress",
    State.APPLYING: "progress",
    State.READY: "preview",
    State.WRONG: "preview",
}


class ImportPages:
    """Addresses, rights and the frame of a page."""

    def may(self, request, act):
        return request.user.has_perm(f"meetings.{act}")

    def get_import(self, request, pk):
        """Return an import; a plan only to whoever made it."""
        found = Import.objects.select_related("made_by", "undoes", "restores").defer(
            "content", "undoes__content", "restores__snapshot"
        )
        imported = found.filter(pk=pk).first()
        # A plan to restore an entry is shown among the entry's own pages.
        if imported is None or (imported.restores_id and imported.state in PLACES):
            raise Http404
        is_undo = imported.act == Import.Act.UNDO
        is_open = imported.state in PLACES
        if is_open and imported.made_by_id != request.user.pk:
            raise PermissionDenied("A plan is shown to whoever made it.")
        if is_open and not self.may(request, "undo_import" if is_undo else "import_record"):
            raise PermissionDenied
        if not self.has_view_permission(request, imported):
            raise PermissionDenied
        return imported

    def url(self, name, imported=None):
        return reverse(self.name(name), args=[imported.pk] if imported else [])

    def name(self, name):
        return f"admin:meetings_import_{name}"

    def to(self, name, imported=None):
        return HttpResponseRedirect(self.url(name, imported))

    def to_its_place(self, imported):
        """Lead to the page on which an import is now."""
        return self.to(PLACES.get(State(imported.state), "result"), imported)

    def page(self, request, template, title, imported=None, *, step="", status=200, **context):
        """Return a page of the desk, with the steps where it is one of them."""
        names = [name for name, _ in STEPS]
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "imported": imported,
            "opts": self.opts,
            "media": self.media,
            "steps": self.steps(imported, names.index(step)) if step else [],
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request, f"admin/meetings/import_{template}.html", context, status=status
        )

    def steps(self, imported, current):
        """Return the steps: label, whether it is the current one, and the way back to it."""
        steps = []
        for index, (name, label) in enumerate(STEPS):
            # A file is read into its plan once; the way back from there is to choose it again.
            is_open = index < current and (name == "choose" or (name == "preview" and imported))
            url = self.url(name, imported if name != "choose" else None) if is_open else ""
            steps.append((label, index == current, url))
        return steps


def page_of(rows, count, request):
    """Return the page of rows that a request asks for; how many there are is known."""
    paginator = Paginator(rows, PER_PAGE)
    paginator.count = count
    return paginator.get_page(request.GET.get("p"))
