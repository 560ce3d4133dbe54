"""Editors at work in a process of their own: they save, publish and import, in turn.

python -m tests.load 20

Prints a line for each act that was done, as the desk would say it: what is printed must be there.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django

SLUG = "helsinki"


def main() -> None:
    django.setup()
    from meetings.editing import acts
    from meetings.importing import imports
    from meetings.models import Issue, Meeting

    from .factories import make_issue
    from .importing.helpers import write
    from .writers import changing

    for number in range(1, int(sys.argv[1]) + 1):
        meeting = Meeting.objects.get(slug=SLUG)
        acts.save(entry=meeting, after=changing(meeting, title=f"Title {number}"))
        print("saved", number, flush=True)
        draft = make_issue(slug=f"issue-of-{number}", status="draft")
        acts.publish(entry=draft, after=changing(draft, summary=f"Summary {number}"))
        print("published", number, flush=True)
        with TemporaryDirectory() as folder:
            rows = [{"slug": SLUG, "summary": f"Summary {number}"}]
            outcome = imports.import_path(path=write(Path(folder), "meetings", *rows), note="Load.")
        assert not outcome.problems, outcome.problems
        print("imported", number, flush=True)
    assert Issue.objects.filter(slug__startswith="issue-of-").count() >= int(sys.argv[1])


if __name__ == "__main__":
    main()
