"""Columns in memory and records in files. Nothing here needs the command line's packages."""
