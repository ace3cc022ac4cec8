"""WHERE: walks roots and opens what lies there, read-only."""
