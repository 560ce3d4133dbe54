"""``withdraw_release``: takes a release out of public; its addresses answer 410."""

from django.core.management.base import BaseCommand, CommandError

from meetings.editing import releases
from meetings.management.command_errors import acting_user, errors_as_command_error
from meetings.models import Release


class Command(BaseCommand):
    help = "Withdraws a release: its page and its file answer 410 with the reason."

    def add_arguments(self, parser):
        parser.add_argument("version")
        parser.add_argument("--note", required=True, help="The public reason.")
        parser.add_argument("--as", dest="user", metavar="USER", help="Act as this user.")

    def handle(self, *, version, note, user, **options):
        release = Release.objects.defer("slugs").filter(version=version).first()
        if release is None:
            raise CommandError(f"There is no release {version}.")
        with errors_as_command_error("Nothing was withdrawn."):
            releases.withdraw(release=release, reason=note, user=acting_user(user))
        self.stdout.write(f"{release} was withdrawn. Its file is kept in the storage.")
