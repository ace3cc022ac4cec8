"""Text in all its shapes."""
