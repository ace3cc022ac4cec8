"""MEMORY: the only SQL. Holds no raw value."""
