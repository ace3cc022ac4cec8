"""WHICH: text becomes hits. The only importer of Presidio, spaCy and GiNZA."""
