"""Codes as an app shows them."""

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice


def code_of(account):
    """Return the code of this half minute, as if none had been used in it yet."""
    devices = TOTPDevice.objects.filter(user=account)
    devices.update(last_t=-1, drift=0, throttling_failure_count=0)
    return f"{totp(devices.get().bin_key):06d}"


def add_app(account):
    return TOTPDevice.objects.create(user=account, name="App")
