"""WHICH: text becomes hits. The only importer of Presidio, spaCy and GiNZA."""

from piiscan.detect.presidio import put_off

put_off()  # before any module here imports it
