"""HOW TEXT COMES OUT: bytes become segments, tables, embedded files and problems."""
