"""Open changes, prepared at the desk, of entries that a plan changes or an import changed.

Neither keeps the other from being carried out: a proposal is merged when it is published.
"""

from collections import defaultdict
from collections.abc import Iterator

from ..models import Import, ImportRow, Proposal
from ..tables.registry import VERSIONED_TABLES


def open_changes_of(imported: Import) -> list[str]:
    """Return a line on each open change that a plan or import meets: “Summit, by Ana”."""
    found: dict[str, dict[int, Proposal]] = defaultdict(dict)
    for proposal in Proposal.objects.select_related("changed_by").defer("snapshot"):
        found[proposal.table][proposal.object_id] = proposal
    lines = []
    for table in VERSIONED_TABLES:
        proposals = found.get(str(table.model._meta.model_name), {})
        rows = table.model._default_manager.filter(pk__in=proposals)
        by_slug = {row.slug: row for row in rows}
        for slug in changed_slugs(imported, table, by_slug) if by_slug else ():
            user = proposals[by_slug[slug].pk].changed_by
            who = (user.get_full_name() or user.get_username()) if user else "the operator"
            lines.append(f"{by_slug[slug]}, by {who}")
    return sorted(lines)


def changed_slugs(imported: Import, table, slugs) -> Iterator[str]:
    """Yield those of some entries of a table that a plan changes, or an import changed."""
    tables = [table.name, *(part.name for part in table.parts)]
    rows = imported.rows.filter(table__in=tables, entry__in=list(slugs))
    planned = set(rows.exclude(action=ImportRow.Action.UNCHANGED).values_list("entry", flat=True))
    done = imported.revisions.filter(table=table.model._meta.model_name, slug__in=list(slugs))
    yield from planned.union(done.values_list("slug", flat=True))
