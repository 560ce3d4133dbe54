"""The frozen releases of the record: their list, the page of each, and its file."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.generic import View

from ..answers.parameters import reads
from ..editing import releases
from ..exporting.bibliography import FILE_FORMATS
from ..exporting.package import CHUNK_BYTES
from ..exporting.page_description import PageDescription
from ..exporting.releases import release_work
from ..exporting.responses import (
    PACKED_TYPES,
    error_response,
    json_entry,
    parameter_error,
    unknown_parameters,
)
from ..models import Release
from . import signposting
from .data import DataView
from .paging import data_addresses
from .ranges import file_response

FILE_IS_LOST = "The file of this release is not in the storage. Ask whoever runs the site."


@reads()
def release_list(request):
    """List the releases, those that were withdrawn too, the newest first."""
    files = {"json": "/data/releases.json", "atom": "/data/releases.atom"}
    context = {"releases": all_releases(), "data": files, "what": "releases"}
    return render(request, "meetings/release_list.html", context)


def all_releases():
    return Release.objects.defer("slugs")


class ReleaseView(View):
    """A view of one release; 410 once it was withdrawn."""

    http_method_names = ["get", "head", "options"]
    parameters: tuple[str, ...] | None = ()

    def get(self, request, version, **kwargs):
        release = Release.objects.select_related("former").filter(version=version).first()
        if release is None:
            raise Http404
        if ending := releases.ending_of_release(release):
            return render(request, "410.html", {"ending": ending}, status=410)
        return self.answer(release, **kwargs)

    def answer(self, release, **kwargs):
        """Return the response for a release that stands."""
        raise NotImplementedError


class ReleaseDetail(ReleaseView):
    """What a release holds, what changed in it, how it is cited, and what was withdrawn since."""

    def answer(self, release):
        found = releases.ended_since(release)
        ended = list(islice(found, releases.MOST_ENDED_SHOWN))
        work, day = cited_release(release), release.made_at.date()
        described = PageDescription(release, work, published=day, modified=day)
        context = {
            "release": release,
            "described": described,
            "work": work,
            "changes": release.changes.items(),
            "ended": ended,
            "ended_count": len(ended) + sum(1 for _ in found),
            "data": {"json": data_addresses(release.get_absolute_url())["json"]},
        }
        response = render(self.request, "meetings/release_detail.html", context)
        return signposting.add_links(response, described)


class ReleaseCitation(ReleaseView):
    """A release as a reference in a file."""

    def answer(self, release, form):
        cited, file = cited_release(release), FILE_FORMATS[form]
        headers = {"Content-Disposition": f'attachment; filename="{cited.key}.{form}"'}
        return HttpResponse(file.write(cited), content_type=file.content_type, headers=headers)


class ReleaseZip(ReleaseView):
    """The file of a release."""

    parameters = None

    def answer(self, release):
        if problems := unknown_parameters(self.request, ()):
            return parameter_error("zip", problems, ())
        if not release.file.storage.exists(release.file.name):
            return error_response("zip", FILE_IS_LOST, status=503)
        return file_response(
            self.request,
            partial(stored_chunks, release),
            size=release.size,
            digest=release.sha256,
            name=f"{slugify(settings.SITE_NAME) or 'record'}-{release.version}.zip",
            content_type=PACKED_TYPES["zip"],
        )


def stored_chunks(release: Release, start: int, stop: int) -> Iterator[bytes]:
    """Yield the bytes of a range of a release's file; opened once they are asked for."""
    with release.file.open("rb") as stream:
        stream.seek(start)
        for place in range(start, stop, CHUNK_BYTES):
            yield stream.read(min(CHUNK_BYTES, stop - place))


class ReleaseListData(DataView):
    """All releases as JSON, the newest first."""

    def get(self, request):
        if problems := unknown_parameters(request, ()):
            return parameter_error("json", problems, ())
        results = [described(release) for release in all_releases()]
        return json_entry({"count": len(results), "results": results})


class ReleaseData(DataView):
    """One release as JSON, with what of it was withdrawn since."""

    def get(self, request, version):
        if problems := unknown_parameters(request, ()):
            return parameter_error("json", problems, ())
        release = Release.objects.filter(version=version).first()
        if release is None:
            return json_entry({"error": "There is no release at this address."}, status=404)
        if release.withdrawn_at:
            return json_entry(described(release), status=410)
        ended = [
            {
                "kind": each.kind,
                "slug": each.slug,
                "address": settings.SITE_URL + each.address,
                "what": each.ending.sentence,
                "title": each.ending.title or None,
                "ended_on": each.ending.ended_on.isoformat() if each.ending.ended_on else None,
                "reason": each.ending.reason or None,
            }
            for each in releases.ended_since(release)
        ]
        return json_entry(described(release) | {"changes": release.changes, "ended_since": ended})


def described(release: Release) -> dict[str, Any]:
    """Return what everybody may know of a release, for JSON; of one withdrawn, when and why."""
    found = {
        "version": release.version,
        "address": settings.SITE_URL + release.get_absolute_url(),
        "made_on": release.made_at.date().isoformat(),
    }
    if release.withdrawn_at:
        return found | {
            "withdrawn_on": release.withdrawn_at.date().isoformat(),
            "reason": release.withdrawn_because,
        }
    return found | {
        "note": release.note,
        "rows": release.rows,
        "digest": release.digest,
        "zip": settings.SITE_URL + release.zip_url,
        "size": release.size,
        "sha256": release.sha256,
    }


def cited_release(release: Release):
    return release_work(release, today=timezone.now().date())
