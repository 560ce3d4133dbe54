"""Who may come to the desk: sign-in and its throttle. Knows no model of the record."""
