"""NIGHTLY: scheduled runs."""
