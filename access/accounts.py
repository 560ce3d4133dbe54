"""What is done to accounts and their sessions, by their owners and by administrators."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied

from . import security_log
from .models import DeskSession, TemporaryPassword


def may_manage(user, account) -> bool:
    """Return whether a user looks after an account: their own, or with the right to change it.

    Who is no superuser has no hand on a superuser's account.
    """
    if user.pk == account.pk:
        return True
    return user.has_perm("auth.change_user") and (user.is_superuser or not account.is_superuser)


def require_may_manage(user, account) -> None:
    if not may_manage(user, account):
        raise PermissionDenied("You may not change this account.")


def end_sessions(account: AbstractBaseUser, sessions=None, *, request=None, why: str) -> int:
    """End the sessions of an account, or some of them; return how many they were."""
    if sessions is None:
        sessions = DeskSession.objects.all()
    number, _ = sessions.filter(user=account).delete()
    if number:
        words = f"Sessions ended ({why}): {number}."
        security_log.record("sessions ended", words, request=request, account=account)
    return number


def end_sessions_of_members(group, *, why: str) -> None:
    for account in get_user_model().objects.filter(groups=group):
        end_sessions(account, why=why)


def make_password_temporary(account) -> None:
    """Mark a password that somebody else knows."""
    TemporaryPassword.objects.get_or_create(user=account)
