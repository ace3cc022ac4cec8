"""HOW: the only place where stages meet."""
