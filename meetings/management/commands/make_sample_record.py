"""``make_sample_record``: an invented record of any size, for development and benchmarks."""

from django.core.management.base import BaseCommand, CommandError

from meetings.sample import AlreadyMade, make_sample_record


class Command(BaseCommand):
    help = "Fills the database with an invented record; every row says that it is a sample."

    def add_arguments(self, parser):
        parser.add_argument("--meetings", type=int, default=200, help="How many (default: 200).")
        parser.add_argument("--seed", type=int, default=1, help="0 or more (default: 1).")

    def handle(self, *, meetings, seed, **options):
        if meetings < 1 or seed < 0:
            raise CommandError("Give at least one meeting, and a seed of 0 or more.")
        try:
            written = make_sample_record(number=meetings, seed=seed)
        except AlreadyMade as error:
            raise CommandError(f"{error} Nothing was written; choose another --seed.") from error
        for table, rows in written.items():
            self.stdout.write(f"{rows:>8,} {table}")
        self.stdout.write("First revisions are made by: python manage.py record_loaded")
