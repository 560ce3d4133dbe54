"""``check_links``: asks whether the addresses of sources still answer; for a timer, once a day."""

from django.core.management.base import BaseCommand, CommandError

from meetings.links import check_links
from meetings.management.command_errors import errors_as_command_error
from meetings.models import LinkCheck

DEFAULT_MINUTES = 30.0


class Command(BaseCommand):
    help = (
        "Asks whether the addresses of sources still answer, one after the other, least recently"
        " asked first. Pages say what was gone at two checks a day or more apart."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--minutes",
            type=float,
            default=DEFAULT_MINUTES,
            help="Go on for so long (default: %(default)s); the next run goes on from there.",
        )

    def handle(self, *, minutes, **options):
        if not minutes > 0:
            raise CommandError("Say for how many minutes: --minutes 30.")
        with errors_as_command_error("The rest was not checked."):
            number = check_links(seconds=60 * minutes, report=self.report)
        self.stdout.write(f"Checked: {number:,} addresses.")

    def report(self, check):
        if check.state != LinkCheck.State.ANSWERS:
            target = f" to {check.target}" if check.target else ""
            status = f" ({check.status})" if check.status else ""
            words = check.get_state_display()
            self.stdout.write(f"{words}{target}{status}: {check.source.slug}, {check.address}")
