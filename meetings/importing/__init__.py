"""The record in and out in bulk: files read into a plan, a plan carried out, imports taken back."""
