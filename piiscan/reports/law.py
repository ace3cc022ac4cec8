"""The law view: if this were lost or leaked today, would it have to be reported, and why?

The same answer as a table (for CSV, JSON, XLSX) and as a text that a person can
paste into a report to the commission (``text``). Rules and dates are data
(``recognizers/law/``, :mod:`piiscan.assess.law`); it is no legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, ClassVar

from piiscan.assess.law import LawView, assess_leak, concerns, load_law
from piiscan.inventory.reader import Reader
from piiscan.reports.base import ReportOptions, shown

__all__ = ["COLUMNS", "LawText", "law_rows", "law_view"]

COLUMNS = ("section", "article", "item", "persons", "persons_exact", "text")


def law_view(reader: Reader, options: ReportOptions) -> LawView:
    """What the law would ask for if what is selected were lost."""
    rules = load_law()
    kinds = reader.persons_by_kind(options.merge, options.selection, counted=lambda entity: concerns(rules, entity))
    everybody = reader.persons(options.merge, options.selection)
    return assess_leak(
        {entity: count.estimate for entity, count in kinds.items()},
        everybody.estimate,
        exact=everybody.exact,
        at_most=frozenset(entity for entity, count in kinds.items() if not count.exact),
        together=reader.kinds_together(options.selection, [rule.with_ for rule in rules.duties if rule.with_]),
        public_body=options.public_body,
        rules=rules,
    )


def law_rows(reader: Reader, options: ReportOptions) -> Iterator[tuple[Any, ...]]:
    """The view as a table: ``answer``, ``reason``, ``data``, ``deadline``, ``report`` (items of the report), ``note``."""
    view, lang = law_view(reader, options), options.lang
    yield ("answer", "", "reportable" if view.reportable else "not-by-content", view.persons, _yes(view.exact), view.summary(lang))
    for duty in view.duties:
        yield ("reason", duty.article, duty.id, duty.persons, _yes(not duty.at_most), duty.text(lang))
    for entity, persons in view.by_entity:
        yield ("data", "", entity, persons, _yes(entity not in view.at_most), options.label(entity, lang))
    if view.duties:
        for name, deadline in view.deadlines():
            yield ("deadline", deadline.article, name, 0, "yes", deadline.ja if lang == "ja" else deadline.en)
    for item, title, value in view.items(lang, options.label):
        yield ("report", "", item, 0, "yes", f"{title}: {value}")
    for text in view.remarks(lang):
        yield ("note", "", "", 0, "yes", text)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


class LawText:
    """``text``: the law view as sentences."""

    NAME: ClassVar[str] = "text"

    def write(self, reader: Reader, out: BinaryIO, options: ReportOptions) -> None:
        """See :meth:`piiscan.reports.base.Report.write`. Whatever the view, this is the law view."""
        text = law_view(reader, options).text(options.lang, options.label)
        out.write("\n".join(shown(line) for line in text.split("\n")).encode("utf-8"))
