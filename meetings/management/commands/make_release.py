"""``make_release``: freezes the public record under a version."""

from django.core.management.base import BaseCommand

from meetings.exporting.releases import make_release
from meetings.management.command_errors import acting_user, errors_as_command_error


class Command(BaseCommand):
    help = "Freezes the public record as a release: a file that stays, with a version and a digest."

    def add_arguments(self, parser):
        parser.add_argument("--note", required=True, help="Public: what this release is.")
        parser.add_argument("--as", dest="user", metavar="USER", help="Act as this user.")

    def handle(self, *, note, user, **options):
        with errors_as_command_error("No release was made."):
            release = make_release(note=note, user=acting_user(user))
        self.stdout.write(f"{release}: {release.rows:,} rows, {release.size:,} bytes.")
        self.stdout.write(f"SHA-256 of the file: {release.sha256}")
        self.stdout.write("Backups hold no files of releases: copy the storage beside them.")
