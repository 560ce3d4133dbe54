"""The page on which who is signed in chooses a name for the public history, or none."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse

from ..editing.public_names import choose_public_name
from ..models import PublicName


class PublicNameForm(forms.ModelForm):
    class Meta:
        model = PublicName
        fields = ["name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["name"].label = "Name in public"


def public_name_view(request):
    """Show the name that a user chose, and change it; nobody chooses for another."""
    chosen = PublicName.objects.filter(user=request.user).first()
    form = PublicNameForm(request.POST or None, instance=chosen)
    if request.method == "POST" and form.is_valid():
        choose_public_name(user=request.user, name=form.cleaned_data["name"])
        said = "You are named in public." if form.cleaned_data["name"] else "You are not named."
        messages.success(request, said)
        return HttpResponseRedirect(request.path)
    context = {**admin.site.each_context(request), "title": "Your name in public", "form": form}
    return TemplateResponse(request, "admin/meetings/public_name.html", context)
