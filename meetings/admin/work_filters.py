"""Filters of the desk's lists by who works on a row, what waits for whom, and what was done."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ..editing.review import is_sent_back
from ..models import Import, Proposal, Publishable, Revision
from .filters import ChoiceOfConditions

Status = Proposal.Status
RECENT_DAYS = 30


class ByWork(ChoiceOfConditions):
    """Who works on an entry or reference, and how far its proposal is.

    Offered to those who may change such rows, as the proposals are.
    """

    title = "work on it"
    parameter_name = "work"

    def offered(self, model):
        options = model._meta
        if not self.request.user.has_perm(f"{options.app_label}.change_{options.model_name}"):
            return []
        choices = [
            ("mine", "Written by me"),
            ("change", "With a proposal"),
            ("my-change", "With a proposal of mine"),
            *((f"change-{value}", f"Proposal {words.lower()}") for value, words in Status.choices),
            ("change-sent-back", "Proposal sent back"),
        ]
        return [*choices, *([("sent-back", "Sent back")] if issubclass(model, Publishable) else [])]

    def condition_of(self, value):
        user = self.request.user
        if value == "mine":
            return was_written_by(user, self.model)
        if value == "sent-back":
            return is_sent_back(self.model)
        proposals = Proposal.objects.of_model(self.model)
        if value == "my-change":
            proposals = proposals.filter(Q(made_by=user) | Q(changed_by=user))
        elif value == "change-sent-back":
            proposals = proposals.sent_back()
        elif value != "change":
            proposals = proposals.filter(status=value.removeprefix("change-"))
        return Q(Exists(proposals))


def was_written_by(user, model) -> Q:
    """Return the condition that ``user`` made a revision of a row."""
    revisions = Revision.objects.filter(table=model._meta.model_name, object_id=OuterRef("pk"))
    return Q(Exists(revisions.filter(Q(made_by=user) | Q(written_by=user))))


class Recently(ChoiceOfConditions):
    """What was done in the last days."""

    title = f"in the last {RECENT_DAYS} days"
    parameter_name = "recently"

    def offered(self, model):
        if model is Revision:
            return [("published", "Published"), ("corrected", "Corrected")]
        return [("imported", "Imported"), ("undone", "Undone")]

    def condition_of(self, value):
        since = timezone.now() - timedelta(days=RECENT_DAYS)
        acts = Revision.Act
        conditions = {
            "published": Q(made_at__gte=since, act__in=[acts.PUBLISH, acts.PROPOSAL]),
            "corrected": Q(made_at__gte=since, kind=Revision.Kind.CORRECTION),
            "imported": Q(finished_at__gte=since, act=Import.Act.IMPORT),
            "undone": Q(finished_at__gte=since, act=Import.Act.UNDO),
        }
        is_done = Q() if self.model is Revision else Q(state=Import.State.DONE)
        return conditions[value] & is_done
