"""OUT: the inventory becomes tables and pages."""
