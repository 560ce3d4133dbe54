"""Views of the workflow: publish, send back, withdraw, back to draft, each on a page of its own.

Who publishes or sends back is shown what changed since the entry was last in public.
"""

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse

from ..editing import acts, errors, review
from ..editing.checks import status_problem
from ..editing.permissions import PUBLIC_STATUSES
from ..editing.rebuild import PresentRows
from ..editing.snapshots import snapshot
from ..models import Publishable
from ..views.described_changes import described_changes
from . import columns, stale_forms
from .act_forms import DESK_ONLY, Act
from .history import snapshot_now_named
from .kept_pages import refuse_resumed

Status = Publishable.Status


@dataclass(frozen=True, kw_only=True)
class WorkflowAct(Act):
    """An act that gives an entry a status, by a link on its form."""

    status: str
    link: str
    is_review: bool = False

    def is_due(self, entry):
        """Return whether the act is offered on a stored entry."""
        if self.status == Status.DRAFT and (entry.status == Status.REVIEW) is not self.is_review:
            return False
        return entry.status != self.status and not status_problem(entry, self.status)


def withdraw(*, entry, user, seen, note):
    return acts.withdraw(entry=entry, user=user, seen=seen, reason=note)


PUBLISH = WorkflowAct(
    name="publish",
    title="Publish",
    description="Everybody can read it, at once or from the time it gives. Each paragraph must"
    " cite a source. The change note is public.",
    status=Status.PUBLISHED,
    perform=acts.publish,
    done="published",
    link="Publish as stored",
    asks_kind=True,
    is_review=True,
)
SEND_BACK = WorkflowAct(
    name="send-back",
    title="Send back",
    description="Its writer goes on with it, and reads your reason.",
    status=Status.DRAFT,
    perform=acts.back_to_draft,
    done="sent back",
    link="Send back",
    note_label="What is to be changed",
    note_help=DESK_ONLY,
    is_review=True,
)
WITHDRAW = WorkflowAct(
    name="withdraw",
    title="Withdraw",
    description="Nobody can read it any more. Its address answers with the title, the date and your"
    " reason, which is public.",
    status=Status.WITHDRAWN,
    perform=withdraw,
    done="withdrawn",
    link="Withdraw",
    note_label="Reason",
    note_help="One line, public. Say what is wrong with it, and what readers go by instead.",
)
DRAFT = WorkflowAct(
    name="back-to-draft",
    title="Back to draft",
    description="It can be written on, and only editors can read it. If it was public, its address"
    " answers with the title, and when and why it ceased to be. The change note is public.",
    status=Status.DRAFT,
    perform=acts.back_to_draft,
    done="sent back to draft",
    link="Back to draft",
)
ACTS = (PUBLISH, SEND_BACK, WITHDRAW, DRAFT)


class WorkflowViews:
    """The views of the acts on an entry, for its ModelAdmin."""

    def desk_pages(self):
        own = {
            act.name: (f"<path:object_id>/{act.name}/", partial(self.act_view, act=act))
            for act in ACTS
        }
        return own | super().desk_pages()

    def has_publish_permission(self, request):
        return request.user.has_perm(f"{self.opts.app_label}.publish_{self.opts.model_name}")

    def has_act_permission(self, request, act):
        return act.status not in PUBLIC_STATUSES or self.has_publish_permission(request)

    def acts_offered(self, request, entry):
        """Return the link text and the address of each act that is possible now."""
        if not self.has_change_permission(request, entry):
            return []
        offered = [
            act for act in ACTS if act.is_due(entry) and self.has_act_permission(request, act)
        ]
        return [(act.link, reverse(self.url_name(act.name), args=[entry.pk])) for act in offered]

    def act_view(self, request, object_id, act):
        entry = self.get_object(request, unquote(object_id))
        if entry is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        may_act = self.has_act_permission(request, act)
        if not may_act or not self.has_change_permission(request, entry):
            raise PermissionDenied
        if request.method != "POST":
            form = act.form(initial={"seen": entry.revision})
            return self.act_page(request, entry, act, form)
        form = act.form(request.POST)
        try:
            self.submit_act_form(request, entry, act, form)
        except errors.Refused as refusal:
            entry = self.get_object(request, unquote(object_id))
            return self.act_refused(request, entry, act, refusal)
        text = f"{entry} was {act.done}."
        if entry.is_scheduled:
            time = columns.format_time(entry.publish_at)
            text = f"{entry} is scheduled: it becomes public on {time}."
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse(self.url_name("change"), args=[entry.pk]))

    def submit_act_form(self, request, entry, act, form):
        """Perform the act with what was typed; raise Refused, also for an invalid form."""
        seen = stale_forms.seen_revision(request.POST)
        acts.check_seen(entry=entry, seen=seen)
        refuse_resumed(request)
        if not form.is_valid():
            # The form says what is wrong with it.
            raise errors.Refused
        act.perform(
            entry=entry,
            user=request.user,
            seen=seen,
            **act.typed(form),
        )

    def act_refused(self, request, entry, act, refusal):
        """Return the act's page again, with the refusal and what was typed."""
        if entry is None:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(reverse(self.url_name("changelist")))
        data = request.POST.copy()
        data["seen"] = str(entry.revision)
        return self.act_page(request, entry, act, act.form(data), refusal)

    def reviewed(self, request, entry):
        """Return what changed since an entry was last in public, and who sent it with what line."""
        shown = review.last_shown(entry)
        before = snapshot_now_named(entry, shown) if shown else {}
        named = PresentRows(request.user)
        return {
            "shown": shown,
            "sent": review.last_sent(entry),
            "changes": described_changes(before, snapshot(entry), named),
        }

    def act_page(self, request, entry, act, form, refusal=None):
        return self.desk_page(
            request,
            "act",
            f"{act.title}: {entry}",
            act=act,
            entry=entry,
            form=form,
            button=act.title,
            back=reverse(self.url_name("change"), args=[entry.pk]),
            refusal=refusal,
            changes=stale_forms.describe_changes(getattr(refusal, "changes", [])),
            review=self.reviewed(request, entry) if act.is_review else None,
        )
