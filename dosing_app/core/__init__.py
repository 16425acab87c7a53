"""Arithmetic on quantities: no drug name, no file, no language, no current time."""
