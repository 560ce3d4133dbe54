"""Sources added while citing: an address and a title are asked, the rest is written later."""

from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.utils.html import strip_tags

from ..editing import acts, errors
from ..editing.twins import near_equal
from ..models import Source
from .citing import described
from .edits import edit_of
from .forms import SourceForm

MAY_BE_ONE = "There is one already that may be the same. Choose it, or add yours all the same."
# What sources of one site mostly have in common.
SITE_COLUMNS = ("publisher", "language", "ownership")


class NewSourceForm(SourceForm):
    """What a new source is asked for while it is cited."""

    class Meta:
        model = Source
        fields = ("url", "title", "slug", "kind", "read")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="source-picker-%s", **kwargs)
        # Who cites a source has read at least what they cite of it.
        self.initial |= {"kind": Source.Kind.NEWS, "read": Source.Read.EXCERPT}
        # The title makes the address, and the search for words has the focus.
        self.fields["slug"].widget = self.fields["slug"].hidden_widget()
        del self.fields["title"].widget.attrs["autofocus"]
        for name in ("seen", "change_note", "change_kind", "change_wrong"):
            del self.fields[name]


class NewSourceViews:
    """The view by which the picker adds a source, for the ModelAdmin of sources."""

    def desk_pages(self):
        return {"add_to_cite": ("to-cite/add/", self.add_to_cite_view)} | super().desk_pages()

    def add_to_cite_view(self, request):
        """Add a source; return its slug, or what is wrong and which ones it may be."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.POST.get("is_sure") and (twins := near_equal(Source, request.POST)):
            return refused([MAY_BE_ONE], twins)
        of_its_site = Source(**shared_by_site(request.POST.get("url", "")))
        form = NewSourceForm(request.POST, instance=of_its_site)
        if not form.is_valid():
            return refused([strip_tags(text) for texts in form.errors.values() for text in texts])
        try:
            acts.save(entry=form.instance, after=edit_of(form, []), user=request.user)
        except errors.Refused as refusal:
            return refused([str(problem) for problem in refusal.problems])
        self.log_addition(request, form.instance, "Added while citing.")
        return JsonResponse({"slug": form.instance.slug})


def refused(problems, twins=()):
    return JsonResponse({"problems": problems, "sources": [described(twin) for twin in twins]})


def shared_by_site(url: str) -> dict[str, str]:
    """Return the cells in which all sources at the site of an address agree."""
    try:
        host = urlsplit(url).netloc
    except ValueError:
        return {}
    rows = Source.objects.filter(url__contains=f"://{host}/") if host else Source.objects.none()
    columns = zip(*rows.values_list(*SITE_COLUMNS), strict=True)
    found = zip(SITE_COLUMNS, map(set, columns), strict=False)
    return {name: values.pop() for name, values in found if len(values) == 1}
