"""What the database is asked: through Django's cursor, and for the state of the record."""

from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.models import public_state


class Asked:
    """A context manager whose length is the number of questions asked within it."""

    def __enter__(self):
        self.queries = CaptureQueriesContext(connection)
        self.queries.__enter__()
        # Asked of the driver, past the cursor that counts.
        self.patch = patch.object(public_state, "ask_driver", side_effect=public_state.ask_driver)
        self.of_state = self.patch.start()
        return self

    def __exit__(self, *error):
        self.patch.stop()
        self.queries.__exit__(*error)

    def __len__(self):
        return len(self.queries) + self.of_state.call_count
