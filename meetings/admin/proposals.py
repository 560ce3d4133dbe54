"""Proposals at the desk: the entry's own form on the copy, its review and its publication."""

from functools import partial

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from ..editing import proposals, scheduled_proposals
from ..editing.errors import Refused
from ..editing.proposal_rows import laid_over
from ..editing.rebuild import PresentRows
from ..models import Proposal
from ..views.described_changes import described_changes
from . import columns, stale_forms
from .edits import edit_of, typed_choices
from .forms import ActForm, UtcDateTimeField
from .kept_pages import refuse_resumed
from .proposal_acts import ACTS, DISCARD, SEND, SEND_BACK, UNSCHEDULE
from .stale_forms import proposal_in_form

Status = Proposal.Status
KEPT = "The proposal was kept. The public page is what it was."
NOTHING_TO_KEEP = "Nothing differs from what is public, so there is nothing to keep."


class PublishForm(ActForm):
    """What is told of a proposal in public; its numbers stand in the page."""

    seen = None  # type: ignore[assignment]  # Takes the field out.
    publish_at = UtcDateTimeField(
        label="Publish at",
        required=False,
        help_text="Empty: at once. Otherwise it is published then as it is here, merged with what"
        " is changed in public until then.",
    )


class ProposalViews:
    """The views of the proposal of an entry or reference, for its ModelAdmin."""

    def desk_pages(self):
        below = "<path:object_id>/proposal/"
        own = {
            "proposal": (below, self.proposal_view),
            "publish_proposal": (f"{below}publish/", self.publish_proposal_view),
        }
        for act in ACTS:
            view = partial(self.proposal_act_view, act=act)
            own[f"proposal_{act.name}"] = (f"{below}{act.name}/", view)
        return own | super().desk_pages()

    def proposal_address(self, entry, name="proposal"):
        return reverse(self.url_name(name), args=[entry.pk])

    def to_form(self, entry):
        return HttpResponseRedirect(reverse(self.url_name("change"), args=[entry.pk]))

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if not self.has_change_permission(request):
            return rows
        return rows.annotate(open_change=columns.open_change(self.model))

    # The form on the copy

    def has_change_permission(self, request, obj=None):
        if obj is not None and proposal_in_form(request):
            return proposals.may_prepare(request.user, obj)
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if not proposal_in_form(request):
            return fields
        # They have acts of their own, which do not wait for a proposal.
        names = {field.name for field in self.opts.get_fields()}
        return [*fields, *(name for name in ("slug", "publish_at") if name in names)]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.proposal = proposal_in_form(request)
        return form

    def proposal_view(self, request, object_id):
        entry = self.get_object(request, unquote(object_id))
        if entry is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        stored = proposals.proposal_of(entry)
        if stored is None and not proposals.is_shown(entry):
            self.message_user(request, proposals.NOT_PUBLIC, messages.INFO)
            return self.to_form(entry)
        if not proposals.may_prepare(request.user, entry):
            raise PermissionDenied
        request.proposal = stored or Proposal(number=0)
        context = {
            "title": "Proposal",
            "show_save_and_add_another": False,
            "proposal": request.proposal,
            # Of one that is gone nothing can be seen: what was typed becomes a new one.
            "seen_proposal": seen_number(request, stored) if stored else 0,
            "proposal_links": self.proposal_links(request, entry, stored, page="proposal"),
        }
        if request.method == "POST":
            return self.changeform_view(request, object_id, "", context)
        try:
            with laid_over(entry, stored):
                response = self.changeform_view(request, object_id, "", context)
                if isinstance(response, TemplateResponse):
                    response.render()
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return self.to_form(entry)
        return response

    def proposal_links(self, request, entry, stored, *, page):
        """Return the link text and address of what else a ``page`` of a proposal leads to."""
        if stored is None:
            return []
        may_publish = proposals.may_publish(request.user, entry)
        is_draft, is_scheduled = (stored.status == it for it in (Status.DRAFT, Status.SCHEDULED))
        links = [
            ("Open it", "proposal", True),
            ("Compare", "publish_proposal", True),
            (SEND.title, "proposal_send", is_draft),
            (SEND_BACK.title, "proposal_send-back", not is_draft and may_publish),
            (UNSCHEDULE.title, "proposal_unschedule", is_scheduled and may_publish),
            (DISCARD.title, "proposal_discard", True),
        ]
        return [
            (text, self.proposal_address(entry, name))
            for text, name, is_due in links
            if is_due and name != page
        ]

    def save_related(self, request, form, formsets, change):
        if not proposal_in_form(request):
            super().save_related(request, form, formsets, change)
            return
        kept = proposals.save_proposal(
            entry=form.instance,
            after=edit_of(form, formsets),
            user=request.user,
            seen=seen_number(request, request.proposal),
            seen_revision=stale_forms.seen_revision(request.POST),
            note=form.cleaned_data.get("change_note", ""),
            kind=form.cleaned_data.get("change_kind", ""),
            was_wrong=form.cleaned_data.get("change_wrong", ""),
        )
        request.is_unchanged = kept is None

    def log_change(self, request, obj, message):
        """Write Django's log, but not for a proposal: nothing of the record was changed."""
        return None if proposal_in_form(request) else super().log_change(request, obj, message)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and not proposal_in_form(request):
            context["open_change"] = list(self.open_change(request, obj))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def open_change(self, request, row):
        """Yield the link to a row's proposal, or to prepare one."""
        stored = proposals.proposal_of(row)
        if stored is None and proposals.may_prepare(request.user, row):
            yield "Prepare a change", self.proposal_address(row)
        elif stored and proposals.may_see(request.user, row):
            who = stored.changed_by or "the operator"
            text = f"Proposal by {who}, {stored.get_status_display().lower()}"
            yield text, self.proposal_address(row)

    def response_change(self, request, obj):
        if not proposal_in_form(request):
            return super().response_change(request, obj)
        if request.is_unchanged:
            messages.info(request, NOTHING_TO_KEEP)
        else:
            messages.success(request, KEPT)
        return HttpResponseRedirect(self.proposal_address(obj))

    # Its review

    def proposal_act_view(self, request, object_id, act):
        entry, stored = self.opened(request, object_id)
        if stored is None:
            return self.without_proposal(request, entry, object_id)
        refusal = None
        form = act.form(request.POST or None, initial={"seen": stored.number})
        if request.method == "POST":
            try:
                refuse_resumed(request)
                form.is_valid()
                act.perform(
                    entry=entry,
                    seen=stale_forms.seen_revision(request.POST),
                    user=request.user,
                    message=form.cleaned_data.get("note", ""),
                )
            except Refused as refused:
                refusal = refused
                data = request.POST.copy()
                data["seen"] = str(stored.number)
                form = act.form(data)
            else:
                self.message_user(request, act.done, messages.SUCCESS)
                return self.to_form(entry)
        return self.desk_page(
            request,
            "act",
            f"{act.title}: {entry}",
            act=act,
            entry=entry,
            form=form,
            button=act.title,
            back=self.proposal_address(entry),
            proposal=stored,
            refusal=refusal,
        )

    def publish_proposal_view(self, request, object_id):
        """Show what publishing would change, with what is undecided; publish it on POST."""
        entry, stored = self.opened(request, object_id)
        if stored is None:
            return self.without_proposal(request, entry, object_id)
        may_publish = proposals.may_publish(request.user, entry)
        refusal = None
        words = stored.words | {"publish_at": stored.publish_at}
        form = PublishForm(request.POST if request.method == "POST" else None, initial=words)
        if request.method == "POST":
            try:
                done = self.publish_as_shown(request, entry, form)
            except Refused as refused:
                refusal = refused
            else:
                self.message_user(request, done, messages.SUCCESS)
                return self.to_form(entry)
        try:
            merge = proposals.plan_proposal(
                entry=entry, user=request.user, choices=typed_choices(request.POST)
            )
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return self.to_form(entry)
        return self.desk_page(
            request,
            "proposal_publish",
            f"Compare and publish: {entry}",
            entry=entry,
            refusal=refusal,
            proposal=merge.proposal,
            revision=merge.entry.revision,
            problems=[problem.sentence for problem in merge.change.problems],
            changes=described_changes(
                merge.change.before, merge.change.after, PresentRows(request.user), is_at_desk=True
            ),
            conflicts=stale_forms.describe_conflicts(
                merge.conflicts, request.POST, stale_forms.IN_PROPOSAL
            ),
            form=form,
            may_publish=may_publish,
            links=self.proposal_links(request, entry, merge.proposal, page="publish_proposal"),
        )

    def publish_as_shown(self, request, entry, form):
        """Publish what the page showed, or give it a time; return what was done in words.

        Raises Refused, also for an invalid form.
        """
        refuse_resumed(request)
        if not form.is_valid():
            # The form says what is wrong with it.
            raise Refused
        publish_at = form.cleaned_data.pop("publish_at")
        details = {
            "entry": entry,
            "seen": seen_number(request, None),
            "seen_revision": stale_forms.seen_revision(request.POST),
            "user": request.user,
            "choices": typed_choices(request.POST),
            **form.cleaned_data,
        }
        if publish_at:
            scheduled_proposals.schedule_proposal(publish_at=publish_at, **details)
            return f"The proposal is published on {columns.format_time(publish_at)}."
        proposals.publish_proposal(**details)
        return f"{entry} was changed in public."

    def opened(self, request, object_id):
        """Return an entry and its proposal, each or None; raise PermissionDenied for others."""
        entry = self.get_object(request, unquote(object_id))
        if entry is None:
            return None, None
        request.proposal = proposals.proposal_of(entry)
        if not proposals.may_see(request.user, entry):
            raise PermissionDenied
        return entry, request.proposal

    def without_proposal(self, request, entry, object_id):
        if entry is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        self.message_user(request, "It has no proposal.", messages.INFO)
        return self.to_form(entry)


def seen_number(request, stored) -> int:
    """Return the number of the proposal that a form showed; 0 for none."""
    number = request.POST.get("proposal", "")
    if number.isdecimal() and len(number) < 10:
        return int(number)
    return stored.number if stored else 0
