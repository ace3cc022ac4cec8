"""Tables that stand in plain text: columns of fixed width, signs between cells, Markdown, SQL ``INSERT``.

A program's print-out, a page of a PDF, a database dump are tables to the person
who reads them, and what a value is stands in the header, often far above. Such
stretches are cut into cells here, each with its offset, so that they are judged
as tables and every finding still points into the text.

What is taken for a table must look like one: a header of label words, or
several lines cut at the same places. Prose is left alone.
"""

from piiscan.detect.text_tables.find import text_tables
from piiscan.detect.text_tables.lines import TextTable
from piiscan.detect.text_tables.ragged import level

__all__ = ["TextTable", "level", "text_tables"]
