"""The second factor: codes of an app (TOTP), and recovery codes for when it is lost.

An account that has one signs in with a code, always; the session then holds which device gave it.
Devices and codes are those of django-otp.
"""

from django.conf import settings
from django.db import transaction
from django_otp import DEVICE_ID_SESSION_KEY, verify_token
from django_otp import login as keep_verified
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import accounts, security_log
from .models import DeskSession

RECOVERY_CODES = 10
APP_CODE_DIGITS = 6


def is_required(user) -> bool:
    """Return whether an account needs a second factor: it may publish, or change accounts."""
    if not settings.SECOND_FACTOR_FOR_PUBLISHERS:
        return False
    if user.is_superuser or user.has_perm("auth.change_user"):
        return True
    codenames = (name.partition(".")[2] for name in user.get_all_permissions())
    return any(name.startswith("publish_") for name in codenames)


def is_verified(request) -> bool:
    """Return whether the session was begun, or went on, with a code."""
    return DEVICE_ID_SESSION_KEY in request.session


def app_of(account) -> TOTPDevice | None:
    """Return the app that an account uses, if it has a second factor."""
    return TOTPDevice.objects.filter(user=account, confirmed=True).first()


def recovery_of(account) -> StaticDevice | None:
    return StaticDevice.objects.filter(user=account, confirmed=True).first()


def app_to_confirm(account) -> TOTPDevice:
    """Return the app that is being set up, with its key."""
    return TOTPDevice.objects.get_or_create(
        user=account, confirmed=False, defaults={"name": "App"}
    )[0]


def verified_device(account, code: str, request):
    """Return the device of an account that gave a code, or None; each code works once."""
    text = "".join(code.split()).lower()
    is_of_app = text.isdecimal() and len(text) == APP_CODE_DIGITS
    device = app_of(account) if is_of_app else recovery_of(account)
    verified = text and device and verify_token(account, device.persistent_id, text)
    if not verified:
        words = "Wrong code of the second factor."
        security_log.record("second factor failed", words, request=request, account=account)
        return None
    if not is_of_app:
        words = "A recovery code was used."
        security_log.record("recovery code used", words, request=request, account=account)
    return verified


def confirm(request, code: str) -> bool:
    """Begin with the app that is being set up, if the code is its; end the other sessions."""
    device, account = app_to_confirm(request.user), request.user
    if not verify_token(account, device.persistent_id, "".join(code.split())):
        return False
    device.refresh_from_db()
    device.confirmed = True
    device.save()
    keep_verified(request, device)
    words = "Second factor set up."
    security_log.record("second factor added", words, request=request, account=account)
    end_others(request)
    return True


def new_recovery_codes(request) -> list[str]:
    """Return new recovery codes of the account that is signed in; the old ones end."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=request.user).delete()
        device = StaticDevice.objects.create(user=request.user, name="Recovery codes")
        codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    words = "Recovery codes made."
    security_log.record("recovery codes made", words, request=request, account=request.user)
    return codes


def remove(request, account) -> None:
    """Take the second factor from an account; its other sessions end."""
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=account).delete()
    words = "Second factor removed."
    security_log.record("second factor removed", words, request=request, account=account)
    if account == request.user:
        request.session.pop(DEVICE_ID_SESSION_KEY, None)
        end_others(request)
    else:
        accounts.end_sessions(account, request=request, why="second factor removed")


def end_others(request) -> None:
    others = DeskSession.objects.exclude(pk=request.session.session_key)
    accounts.end_sessions(request.user, others, request=request, why="second factor changed")
