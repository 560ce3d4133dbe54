"""Markdown with citation markers, sentences, languages, countries. Knows no model."""
