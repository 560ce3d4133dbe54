"""Pictures that pages draw: maps."""
