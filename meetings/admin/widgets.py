"""Choosing related rows: each shown with enough to choose by, and fetched once for all rows."""

from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.forms import BaseInlineFormSet

from ..models import Meeting, Milestone, Reaction, Source


def label_of(row) -> str:
    """Return a row's name with what tells it from others of the same name."""
    more: list[object] = []
    if isinstance(row, Source):
        more = [row.publisher, row.published]
    elif isinstance(row, Meeting):
        more = [row.starts_on]
    elif isinstance(row, Milestone):
        more = [row.occurred_on]
    elif isinstance(row, Reaction):
        more = [row.reacted_on, row.meeting]
    return " · ".join(str(part) for part in (row, *more) if part)


class LabelledRelations:
    """Related rows named by ``label_of``, in choices and in searches."""

    def label(self, row):
        return label_of(row)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return labelled(super().formfield_for_foreignkey(db_field, request, **kwargs))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return labelled(super().formfield_for_manytomany(db_field, request, **kwargs))


def labelled(field):
    """Make a field name its choices by ``label_of``."""
    if field is not None:
        field.label_from_instance = label_of
        if field.queryset.model is Reaction:
            field.queryset = field.queryset.select_related("meeting")
    return field


class KnownSelect(AutocompleteSelect):
    """A choice by search that shows its row from those fetched for all the forms of a set."""

    known = None

    def optgroups(self, name, value, attr=None):
        if self.known is None:
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        for key in value[:1]:
            if row := self.known().get(key):
                label = label_of(row)
                options.append(self.create_option(name, row.pk, label, True, len(options)))
        return [(None, options, 0)]


class KnownRelations(LabelledRelations):
    """An inline whose forms show related rows without a query each."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KnownSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PartFormSet(BaseInlineFormSet):
    """The parts of an entry in its form."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = field.widget
            if isinstance(widget, RelatedFieldWidgetWrapper):
                widget = widget.widget
            if isinstance(widget, KnownSelect):
                widget.known = lambda name=name, field=field: self.known(name, field)

    def known(self, name, field):
        """Return the rows chosen in any form of the set, by their id as text."""
        cache = self.__dict__.setdefault("known_rows", {})
        if name not in cache:
            chosen = {str(form[name].value() or "") for form in self.initial_forms}
            chosen |= {str(form[name].value() or "") for form in self.extra_forms}
            ids = [int(value) for value in chosen if value.isdecimal() and len(value) < 19]
            cache[name] = {str(pk): row for pk, row in field.queryset.in_bulk(ids).items()}
        return cache[name]
