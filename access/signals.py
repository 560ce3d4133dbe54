"""Events of Django's that access listens to: they come from pages, commands and shells alike."""

import logging

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.utils import timezone

from . import accounts, clients, security_log
from .models import TemporaryPassword

MUST_CHANGE_PASSWORD = "must_change_password"
# Columns of an account that decide who comes in, and what they may do.
RIGHTS = ("is_active", "is_staff", "is_superuser")
CHANGED = {"post_add", "post_remove", "pre_clear"}


def connect() -> None:
    user = get_user_model()
    user_logged_in.connect(signed_in)
    user_logged_out.connect(signed_out)
    user_login_failed.connect(sign_in_failed)
    pre_save.connect(keep_what_was, sender=user)
    post_save.connect(account_saved, sender=user)
    m2m_changed.connect(rights_of_accounts_changed, sender=user.groups.through)
    m2m_changed.connect(rights_of_accounts_changed, sender=user.user_permissions.through)
    m2m_changed.connect(rights_of_groups_changed, sender=Group.permissions.through)


def signed_in(sender, request, user, **kwargs):
    """Note in the session what its owner recognises it by, and log it."""
    session = request.session
    session["began_at"] = timezone.now().timestamp()
    session["device"], session["network"] = clients.device_of(request), clients.network_of(request)
    session.pop(MUST_CHANGE_PASSWORD, None)
    if TemporaryPassword.objects.filter(user=user).exists():
        session[MUST_CHANGE_PASSWORD] = True
    security_log.record("sign-in", "Signed in.", request=request, account=user)


def signed_out(sender, request, user, **kwargs):
    if user is not None:
        security_log.record("sign-out", "Signed out.", request=request, account=user)


def sign_in_failed(sender, credentials, request=None, **kwargs):
    """Log a wrong password; of a name that no account has, that alone."""
    name = credentials.get("username", "")
    account = get_user_model().objects.filter(username=name).only("username").first()
    words = "Sign-in failed." if account else "Sign-in failed: no such account."
    security_log.record(
        "sign-in failed", words, request=request, account=account, level=logging.WARNING
    )


def keep_what_was(sender, instance, update_fields=None, raw=False, **kwargs):
    """Keep what decides access as it is stored, for the comparison after the save."""
    columns = {"password", *RIGHTS}
    instance.access_before = None
    if raw or instance.pk is None or not columns.intersection(update_fields or columns):
        return
    # Django hashes a right password again when its methods change, without one that was set.
    is_rehash = update_fields is not None and instance._password is None
    if not is_rehash:
        stored = sender.objects.filter(pk=instance.pk)
        instance.access_before = stored.values("password", *RIGHTS).first()


def account_saved(sender, instance, created, raw=False, **kwargs):
    """Log what changed in an account, and end its sessions."""
    if created and not raw:
        security_log.record("account made", "Account made.", account=instance)
    before = instance.access_before or {}
    changed = [name for name, value in before.items() if value != getattr(instance, name)]
    if "password" in changed:
        TemporaryPassword.objects.filter(user=instance).delete()
        security_log.record("password changed", "Password changed.", account=instance)
        accounts.end_sessions(instance, why="password changed")
    if rights := {name: getattr(instance, name) for name in changed if name in RIGHTS}:
        said = ", ".join(f"{name} is {value}" for name, value in rights.items())
        security_log.record("rights changed", f"Rights changed: {said}.", account=instance)
        accounts.end_sessions(instance, why="rights changed")


def rights_of_accounts_changed(sender, instance, action, reverse, model, pk_set, **kwargs):
    """Log that an account's groups or permissions changed, and end its sessions."""
    if action not in CHANGED or (pk_set is not None and not pk_set):
        return
    if reverse:
        members = instance.user_set.all()
        found = members if pk_set is None else model.objects.filter(pk__in=pk_set)
        others = [str(instance)]
    else:
        found = [instance]
        others = [str(each) for each in model.objects.filter(pk__in=pk_set or ())]
    verb = action.partition("_")[2]
    for account in found:
        words = f"Rights changed: {verb} {', '.join(others) or 'all'}."
        security_log.record("rights changed", words, account=account)
        accounts.end_sessions(account, why="rights changed")


def rights_of_groups_changed(sender, instance, action, reverse, model, pk_set, **kwargs):
    """Log that the permissions of groups changed, and end the sessions of their members."""
    if action not in CHANGED or (pk_set is not None and not pk_set):
        return
    groups = model.objects.filter(pk__in=pk_set or ()) if reverse else [instance]
    for group in groups:
        words = f"Rights of the group “{group.name}” changed."
        security_log.record("rights changed", words, group=group.name)
        accounts.end_sessions_of_members(group, why="rights of the group changed")
