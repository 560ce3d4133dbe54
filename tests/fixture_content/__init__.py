"""What must be true of ``fixtures/record.json``, whoever edits it: ``make test`` asks it by itself.

Nothing here is about the code. What is wrong says which row it is and what to do. The other tests
hold for any content; new entries, other titles and corrections need no change here.
"""
