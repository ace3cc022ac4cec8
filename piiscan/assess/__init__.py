"""SO WHAT: findings of a file become persons and levels. Pure; no I/O but reading its data files."""
