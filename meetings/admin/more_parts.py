"""Parts added without scripts: the form is shown again with one row more, and nothing is saved."""

from django.contrib.admin.helpers import AdminErrorList

ADD_PART = "_add_part"
ADDED = "A row was added below. Nothing is saved yet."


def show_another_part(request) -> None:
    """Have the form that a request sends shown again, with another row where that was asked."""
    prefix = request.POST.get(ADD_PART)
    total = request.POST.get(f"{prefix}-TOTAL_FORMS", "")
    if not total.isdecimal():
        return
    request.POST = request.POST.copy()
    del request.POST[ADD_PART]
    request.POST[f"{prefix}-TOTAL_FORMS"] = str(int(total) + 1)
    request.resumed = ADDED
    request.is_unfinished = True


def forget_problems(request, context) -> None:
    """Name no problem of a form that its writer did not hand in yet."""
    if not getattr(request, "is_unfinished", False):
        return
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    form = context["adminform"].form
    for each in (form, *(part for formset in formsets for part in formset.forms)):
        each.errors.clear()
    for formset in formsets:
        formset.non_form_errors().clear()
    context["errors"] = AdminErrorList(form, formsets)
