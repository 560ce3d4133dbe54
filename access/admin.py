"""Accounts at the desk: made without a password, which their owner sets by a link."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.forms import ModelForm
from django.http import HttpResponseRedirect
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from .accounts import make_password_temporary, may_manage

User = get_user_model()
admin.site.unregister(User)
# Django-otp's own pages show the keys of apps and the recovery codes.
admin.site.unregister([StaticDevice, TOTPDevice])


class NewAccountForm(ModelForm):
    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "groups")

    def save(self, commit=True):
        self.instance.set_unusable_password()
        self.instance.is_staff = True
        return super().save(commit)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Django's, in which nobody gives more rights than they have, or changes who has more."""

    list_display = ("username", "email", "first_name", "last_name", "is_active")
    add_form = NewAccountForm
    add_form_template = None
    add_fieldsets = ((None, {"fields": NewAccountForm.Meta.fields}),)
    change_form_template = "access/account_form.html"

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_manage(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_manage(request.user, obj))

    def get_readonly_fields(self, request, obj=None):
        fixed = ("last_login", "date_joined")
        if request.user.is_superuser:
            return fixed
        return (*fixed, "is_superuser", "user_permissions")

    def response_add(self, request, obj, post_url_continue=None):
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(reverse("admin:account_access", args=[obj.pk]))

    def user_change_password(self, request, id, form_url=""):
        """Change the password of an account; of another's it is temporary."""
        response = super().user_change_password(request, id, form_url)
        if response.status_code == 302 and str(request.user.pk) != id:
            make_password_temporary(User.objects.get(pk=id))
        return response
