"""``loaddata``: Django's own, after which nothing is shown that was made of the record before."""

from django.core.management.commands import loaddata

from meetings.models import RecordState


class Command(loaddata.Command):
    def loaddata(self, fixture_labels):
        """Load the fixtures, and mark the state of the record as changed in their transaction."""
        super().loaddata(fixture_labels)
        RecordState.objects.using(self.using).mark_changed(takes_out=True)
