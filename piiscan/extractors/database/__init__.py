"""Databases and tables that are files: every row, never written to."""
