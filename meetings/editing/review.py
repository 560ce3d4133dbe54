"""Review of entries: what was sent, by whom, and that two people had a hand in what is public."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from ..models import Publishable, Revision, VersionedModel
from .errors import Refused
from .permissions import may_change_public

Act = Revision.Act
Status = Publishable.Status
# The acts that write on, and leave an entry where it stands in its review.
WRITING = (Act.SAVE, Act.IMPORT)
SAY_WHY = "Say what is to be changed. The writer reads it."
TWO_PEOPLE = "Another person publishes what you wrote. Send it to review."
PREPARE = (
    "Another person publishes what you write. Prepare a change beside it, and send that to review."
)


def last_shown(entry: Publishable) -> Revision | None:
    """Return the revision that was last in public, or None if there was none."""
    return Revision.objects.of(entry).shown().first()


def last_sent(entry: VersionedModel) -> Revision | None:
    """Return the revision by which an entry in review was sent there; None of any other."""
    if not isinstance(entry, Publishable) or entry.status != Status.REVIEW:
        return None
    return Revision.objects.of(entry).filter(act=Act.SUBMIT).select_related("made_by").first()


def last_sent_back(entry: Publishable) -> Revision | None:
    """Return the revision by which a draft was sent back with a reason, unless it went on since."""
    if entry.status != Status.DRAFT:
        return None
    acts = Revision.objects.of(entry).exclude(act__in=WRITING)
    newest = acts.select_related("made_by").first()
    return newest if newest and newest.act == Act.DRAFT and newest.note else None


def is_sent_back(model: type[Publishable]) -> Q:
    """Return the same as a condition on the entries of a model."""
    acts = Revision.objects.exclude(act__in=WRITING)
    later = acts.filter(
        table=OuterRef("table"), object_id=OuterRef("object_id"), number__gt=OuterRef("number")
    )
    sent_back = acts.filter(
        ~Exists(later),
        table=model._meta.model_name,
        object_id=OuterRef("pk"),
        act=Act.DRAFT,
    )
    return Q(Exists(sent_back.exclude(note="")), status=Status.DRAFT)


def is_taken_back(entry: VersionedModel, user) -> bool:
    """Return whether a change by ``user`` makes a draft of an entry that is in review.

    What who may publish changes in it stays in review.
    """
    if not isinstance(entry, Publishable) or entry.status != Status.REVIEW:
        return False
    return not may_change_public(user, type(entry))


def other_writers(entry: Publishable, user) -> list:
    """Return who else than ``user`` changed an entry since it was last in public, newest first."""
    shown = last_shown(entry)
    since = Revision.objects.of(entry).filter(number__gt=shown.number if shown else 0)
    found = [revision.made_by for revision in since.select_related("made_by").defer("snapshot")]
    return [one for one in dict.fromkeys(found) if one and one != user]


def refuse_alone(user, others: list, words: str = TWO_PEOPLE) -> None:
    """Raise Refused for what ``user`` would publish with nobody else's hand in it, if two have to.

    The operator of the machine may.
    """
    if settings.REVIEW_BY_ANOTHER and user is not None and not others:
        raise Refused([words])


def required_writer(entry: VersionedModel | None, status: str, user):
    """Return whose work ``user`` publishes by giving a row a status, or None.

    Raises Refused if two people have to have a hand in what is public, and there is no other. What
    is in public already is changed by proposals then.
    """
    if status != Status.PUBLISHED:
        return None
    if isinstance(entry, Publishable) and entry.status == Status.PUBLISHED:
        refuse_alone(user, [], PREPARE)
        return None
    others = other_writers(entry, user) if isinstance(entry, Publishable) else []
    refuse_alone(user, others)
    return next(iter(others), None)


def refuse_without_reason(sent: Revision | None, user, note: str) -> None:
    """Raise Refused if what another sent to review is sent back without a word."""
    if sent and sent.made_by and sent.made_by != user and not note.strip():
        raise Refused([SAY_WHY])
