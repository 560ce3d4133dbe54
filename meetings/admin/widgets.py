"""Fields for related rows: with labels that distinguish them, and fetched once for all forms."""

import json
from functools import partial

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.forms import BaseInlineFormSet, HiddenInput, IntegerField

from ..models import Meeting, Milestone, Reaction, Source
from .choosers import TypedModelChoice, TypedModelChoices, TypedSelect, TypedSelectMultiple


def choice_label(row) -> str:
    """Return a row's name with what distinguishes it from others of the same name."""
    more: list[object] = []
    if isinstance(row, Source):
        more = [row.publisher, row.published, row.slug]
    elif isinstance(row, Meeting):
        more = [row.starts_on]
    elif isinstance(row, Milestone):
        more = [row.occurred_on]
    elif isinstance(row, Reaction):
        more = [row.reacted_on, row.meeting]
    return " · ".join(str(part) for part in (row, *more) if part)


class LabelledRelations:
    """Related rows named by ``choice_label``, in choices and in searches."""

    def described_choice(self, row):
        """Return what the search of a choice tells of a row; ``text`` is what it shows."""
        return {"text": choice_label(row)}

    def response_add(self, request, obj, post_url_continue=None):
        """Return the answer to an added row; to a window with its label, for the choice there."""
        response = super().response_add(request, obj, post_url_continue)
        data = getattr(response, "context_data", None) or {}
        if popup := data.get("popup_response_data"):
            labelled = json.loads(popup) | {"obj": choice_label(obj)}
            data["popup_response_data"] = json.dumps(labelled)
        return response

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", TypedSelect(db_field, self.admin_site))
        if isinstance(kwargs.get("widget"), TypedSelect):
            kwargs["form_class"] = TypedModelChoice
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return with_choice_labels(field, self.finder(db_field, request))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", TypedSelectMultiple(db_field, self.admin_site))
            kwargs["form_class"] = TypedModelChoices
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        return with_choice_labels(field, self.finder(db_field, request))

    def finder(self, db_field, request):
        """Return how rows are found by words: as the chooser finds them, for who may see them."""
        related = self.admin_site.get_model_admin(db_field.remote_field.model)
        return partial(find_rows, related, request)


def find_rows(related, request, rows, words):
    """Return the rows that a ModelAdmin finds for typed words; none for who may not see them."""
    if not related.has_view_permission(request):
        return rows.none()
    found, may_repeat = related.get_search_results(request, rows, words)
    return found.distinct() if may_repeat else found


def with_choice_labels(field, find):
    """Set how a field's choices are labelled and found by words; return the field."""
    if field is not None:
        field.find = find
        field.label_from_instance = choice_label
        if field.queryset.model is Reaction:
            field.queryset = field.queryset.select_related("meeting")
    return field


class PrefetchedSelect(TypedSelect):
    """An autocomplete field that takes its chosen row from those fetched for the formset."""

    prefetched = None

    def optgroups(self, name, value, attr=None):
        if self.prefetched is None:
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        for key in value[:1]:
            if row := self.prefetched().get(key):
                label = choice_label(row)
                options.append(self.create_option(name, row.pk, label, True, len(options)))
        return [(None, options, 0)]


class PrefetchedSelectMultiple(TypedSelectMultiple):
    """An autocomplete field of several rows, taken from those fetched for the formset."""

    prefetched = None

    def optgroups(self, name, value, attr=None):
        if self.prefetched is None:
            return super().optgroups(name, value, attr)
        found = self.prefetched()
        rows = [found[key] for key in map(str, value) if key in found]
        return [
            (None, [self.create_option(name, row.pk, choice_label(row), True, index)], index)
            for index, row in enumerate(rows)
        ]


class PrefetchedRelations(LabelledRelations):
    """An inline whose forms show related rows without a query for each."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = PrefetchedSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["widget"] = PrefetchedSelectMultiple(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class PartFormSet(BaseInlineFormSet):
    """The formset of an entry's parts of one kind.

    In a table, whose headings name no field, each field has its name itself.
    """

    is_table = False

    def add_fields(self, form, index):
        super().add_fields(form, index)
        # Parts are written by their keys: one that somebody took out meanwhile is no error.
        pk = self.model._meta.pk.name
        form.fields[pk] = IntegerField(
            required=False, widget=HiddenInput, initial=form.fields[pk].initial
        )
        for name, field in form.fields.items():
            widget = field.widget
            if isinstance(widget, RelatedFieldWidgetWrapper):
                widget = widget.widget
            if self.is_table:
                widget.attrs["aria-label"] = str(field.label or name).capitalize()
            if isinstance(widget, PrefetchedSelect | PrefetchedSelectMultiple):
                widget.prefetched = lambda name=name, field=field: self.prefetched(name, field)

    def get_queryset(self):
        """Return the parts of the forms, also of those that somebody took out meanwhile."""
        if self.is_bound and "forms" in self.__dict__:
            return [form.instance for form in self.initial_forms]
        return super().get_queryset()

    def prefetched(self, name, field):
        """Return the rows chosen in any form of the set, by their id as a string."""
        cache = self.__dict__.setdefault("prefetched_rows", {})
        if name not in cache:
            chosen = {
                value
                for form in (*self.initial_forms, *self.extra_forms)
                for value in chosen_ids(form[name].value())
            }
            ids = [int(value) for value in chosen if value.isdecimal() and len(value) < 19]
            cache[name] = {str(pk): row for pk, row in field.queryset.in_bulk(ids).items()}
        return cache[name]


class OrderedFormSet(PartFormSet):
    """Parts with a number for their order, which those without one get after the others."""

    STEP = 10
    HELP = "With gaps: 10, 20, 30. Empty: after the others."

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["order"].required = False
        form.fields["order"].help_text = self.HELP

    def clean(self):
        left = [form for form in self.forms if form not in self.deleted_forms]
        numbers = [form.cleaned_data.get("order") or 0 for form in left]
        last = max(numbers, default=0) // self.STEP * self.STEP
        for form in left:
            is_typed = form.instance.pk or form.has_changed()
            if is_typed and "order" in form.cleaned_data and form.cleaned_data["order"] is None:
                last += self.STEP
                form.cleaned_data["order"] = form.instance.order = last
        super().clean()


def chosen_ids(value) -> list[str]:
    """Return the ids, as strings, in the value of a field of one row or of several."""
    values = value if isinstance(value, list | tuple) else [value]
    return [str(getattr(each, "pk", each) or "") for each in values]
