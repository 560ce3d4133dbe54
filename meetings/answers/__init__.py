"""Public answers as they are kept: made once for each state of the record, sent many times."""
