"""What the views of imports share: permissions, redirects by state, and the page's frame."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from ...models import Import

State = Import.State
WIZARD_STEPS = (
    ("choose", "Choose"),
    ("match", "Match columns"),
    ("preview", "Preview"),
    ("confirm", "Import"),
)
ROWS_PER_PAGE = 50
# The page of an import that is not finished, by its state.
PAGE_BY_STATE = {
    State.LOOKING: "progress",
    State.CHOSEN: "match",
    State.PLANNING: "progress",
    State.APPLYING: "progress",
    State.READY: "preview",
    State.WRONG: "preview",
}


class ImportViews:
    """URLs, permissions and the frame of a page, for the views of imports."""

    def has_right(self, request, act):
        return request.user.has_perm(f"meetings.{act}")

    def get_import(self, request, pk):
        """Return an import; raise PermissionDenied or Http404 where the user may not see it.

        A plan is seen only by the user who made it, and by those who may stop those of others.
        """
        found = Import.objects.select_related("made_by", "undoes", "restores").defer(
            "content", "undoes__content", "restores__snapshot"
        )
        imported = found.filter(pk=pk).first()
        # A plan to restore an entry is shown among the entry's own pages.
        if imported is None or (imported.restores_id and imported.state in PAGE_BY_STATE):
            raise Http404
        is_undo = imported.act == Import.Act.UNDO
        is_open = imported.state in PAGE_BY_STATE
        is_own = imported.made_by_id == request.user.pk
        if is_open and not is_own and not self.has_right(request, "manage_import"):
            raise PermissionDenied("A plan is shown to whoever made it.")
        if is_open and not self.has_right(request, "undo_import" if is_undo else "import_record"):
            raise PermissionDenied
        if not self.has_view_permission(request, imported):
            raise PermissionDenied
        return imported

    def url(self, name, imported=None):
        return reverse(self.url_name(name), args=[imported.pk] if imported else [])

    def url_name(self, name):
        return f"admin:meetings_import_{name}"

    def redirect_to(self, name, imported=None):
        return HttpResponseRedirect(self.url(name, imported))

    def redirect_to_current_page(self, imported):
        """Return the redirect to the page of an import's state."""
        return self.redirect_to(PAGE_BY_STATE.get(State(imported.state), "result"), imported)

    def render_page(
        self, request, template, title, imported=None, *, step="", status=200, **context
    ):
        """Return a page of the desk, with the steps where it is one of them."""
        names = [name for name, _ in WIZARD_STEPS]
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
        """Return the wizard's steps: label, whether it is the current one, and a link back."""
        steps = []
        for index, (name, label) in enumerate(WIZARD_STEPS):
            # A file is read into its plan once; to change it, it is chosen again.
            is_open = index < current and (name == "choose" or (name == "preview" and imported))
            url = self.url(name, imported if name != "choose" else None) if is_open else ""
            steps.append((label, index == current, url))
        return steps


def paginate(rows, count, request):
    """Return the page of rows that a request asks for; ``count`` is their number."""
    paginator = Paginator(rows, ROWS_PER_PAGE)
    paginator.count = count
    return paginator.get_page(request.GET.get("p"))
