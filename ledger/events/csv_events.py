"""Events from CSV (RFC 4180), one a row, for those whose system exports tables.

Columns are EPCIS field names; `type`, `eventTime` and `eventTimeZoneOffset` must be there, the others may be. Every
row becomes a bare event with the GS1 context and is then checked like any other; an empty cell leaves the field out.

| columns | a cell holds |
|---|---|
| type, eventTime, eventTimeZoneOffset, eventID, action, bizStep, disposition, transformationID, parentID | the value |
| readPoint, bizLocation | the place's URI |
| epcList, childEPCs, inputEPCList, outputEPCList | URIs, separated by spaces or `|` |
| quantityList, childQuantityList, inputQuantityList, outputQuantityList | `class|quantity|unit` or `class|quantity` or `class`, separated by `;` |
| bizTransactionList, sourceList, destinationList | `type|URI`, separated by `;` (a transaction also as its URI alone) |

A semicolon within a URI is written `%3B`. Text is UTF-8; cells are separated by commas, or by semicolons or tabs where
the header has these. What CSV cannot say (sensor elements, ILMD, extensions, error declarations) needs EPCIS JSON.
"""  # noqa: E501 - a table row cannot be broken

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence

from ledger.errors import InvalidDocument, InvalidInput, Problem
from ledger.events.document import StandaloneEvent, check_event
from ledger.events.shapes import MOST_PROBLEMS, did_you_mean, found
from ledger.events.strict_json import Json, parse_json

GS1_CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_SEPARATORS = ",;\t"
#: a quantity, perhaps with its unit, behind a class that it was not set off from
_GLUED = re.compile(r"[,\s]\s*\d[\d.]*(?:[,:\s]\s*[A-Z0-9]{2,3})?$|:\d[\d.]*:[A-Z0-9]{2,3}:?$")


def read_csv(data: bytes | str, *, source: str = "") -> list[StandaloneEvent]:
    """The table's events, each with `pointer` "line 4"; `InvalidDocument` names line and column of what is wrong."""
    problems: list[Problem] = []
    events: list[StandaloneEvent] = []
    for line, cells in _rows(_text(data, source), source):
        body, flaws = _event(cells)
        is_whole = not flaws  # a field that could not be read must not be called missing
        flaws += [_at_column(problem) for problem in check_event(body) if problem.where or is_whole]
        problems += [_at(_place(source, line), problem) for problem in flaws]
        if len(problems) >= MOST_PROBLEMS:
            break
        events.append(StandaloneEvent(len(events), f"line {line}", body))
    if problems:
        raise InvalidDocument(problems[:MOST_PROBLEMS])
    return events


def _text(data: bytes | str, source: str) -> str:
    try:
        return (data if isinstance(data, str) else data.decode()).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = bytes(data[: error.start]).count(b"\n") + 1  # type: ignore[arg-type]
        raise InvalidInput(
            "the text is not UTF-8",
            where=_place(source, line),
            expected="CSV in UTF-8",
            advice="Save the file as UTF-8.",
        ) from None


def _rows(text: str, source: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells by column of every row that is not empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    header: list[str] | None = None
    line = 1
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                pass
            elif header is None:
                header = [name.strip() for name in row]
                _check_header(header, source)
            else:
                _check_width(row, header, _place(source, line))
                yield line, {name: cell.strip() for name, cell in zip(header, row, strict=False) if cell.strip()}
            line = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInput(f"not CSV: {error}", where=_place(source, line), expected="CSV as in RFC 4180") from None
    if header is None:
        raise InvalidInput("the file is empty", where=source, expected=f"a header with {', '.join(_REQUIRED)}")


def _separator(text: str) -> str:
    header = text.partition("\n")[0]
    return max(_SEPARATORS, key=header.count)


def _check_header(header: Sequence[str], source: str) -> None:
    problems = [
        Problem(f"the column {name} is missing", "line 1", f"the columns {', '.join(_REQUIRED)}")
        for name in _REQUIRED
        if name not in header
    ]
    for index, name in enumerate(header):
        where = f"line 1, column {index + 1}"
        if name not in _COLUMNS:
            advice = did_you_mean(name, _COLUMNS) or "Remove it, or submit EPCIS JSON."
            problems.append(Problem(f"unknown column {found(name)}", where, ", ".join(_COLUMNS), advice))
        elif name in header[:index]:
            problems.append(Problem(f"the column {name} comes twice", where, "each column once"))
    if problems:
        raise InvalidDocument([_at(source, problem) for problem in problems])


def _check_width(row: Sequence[str], header: Sequence[str], place: str) -> None:
    if len(row) > len(header):
        raise InvalidInput(
            f"{len(row)} cells, but the header has {len(header)}",
            where=place,
            expected="as many cells as columns",
            advice="Put cells that contain the separator into double quotes.",
        )


def _event(cells: dict[str, str]) -> tuple[dict[str, Json], list[Problem]]:
    body: dict[str, Json] = {"@context": GS1_CONTEXT}
    problems: list[Problem] = []
    for name, cell in cells.items():
        try:
            body[name] = _COLUMNS[name](cell)
        except InvalidInput as error:
            problems += [Problem(p.message, f"column {name}", p.expected, p.advice) for p in error.problems]
    return body, problems


def _at_column(problem: Problem) -> Problem:
    """The problem at its cell; a list's element is counted from 1."""
    _, name, *rest = f"{problem.where}//".split("/")
    if not name:
        return problem
    entry = f", entry {int(rest[0]) + 1}" if rest[0].isdigit() else ""
    return Problem(problem.message, f"column {name}{entry}", problem.expected, problem.advice)


def _place(source: str, line: int) -> str:
    return f"{source}, line {line}" if source else f"line {line}"


def _at(place: str, problem: Problem) -> Problem:
    where = ", ".join(part for part in (place, problem.where) if part)
    return Problem(problem.message, where, problem.expected, problem.advice)


def _same(cell: str) -> Json:
    return cell


def _place_of(cell: str) -> Json:
    return {"id": cell}


def _epcs(cell: str) -> Json:
    return cell.replace("|", " ").split()


def _entries(cell: str) -> Iterator[list[str]]:
    for entry in cell.split(";"):
        if entry.strip():
            yield [part.strip() for part in entry.split("|")]


def _quantities(cell: str) -> Json:
    return [_quantity(*entry) for entry in _entries(cell)]


def _quantity(epc_class: str, quantity: str = "", uom: str = "", *more: str) -> Json:
    if more:
        raise InvalidInput(
            f"{3 + len(more)} parts in one entry", expected="class|quantity|unit, entries separated by ;"
        )
    if not quantity and _GLUED.search(epc_class):
        raise InvalidInput(
            f"{found(epc_class)} seems to hold a quantity",
            expected="class|quantity|unit, such as https://id.gs1.org/01/09506000134352/10/A7|12.5|KGM",
            advice="Set the quantity and the unit off with |.",
        )
    element: dict[str, Json] = {"epcClass": epc_class}
    if quantity:
        element["quantity"] = _number(quantity)
    if uom:
        element["uom"] = uom
    return element


def _number(text: str) -> int | float:
    if not _NUMBER.fullmatch(text):
        advice = "Write a decimal point, and no thousands separator." if "," in text else ""
        raise InvalidInput(f"{found(text)} is not a number", expected="a number, such as 12.5", advice=advice)
    number: int | float = parse_json(text)
    return number


def _typed(name: str, *, type_required: bool) -> Callable[[str], Json]:
    def read(cell: str) -> Json:
        elements = []
        for entry in _entries(cell):
            if len(entry) > 2 or (type_required and len(entry) == 1):
                raise InvalidInput(
                    f"{found('|'.join(entry))} does not fit", expected="type|URI, entries separated by ;"
                )
            kind = {"type": entry[0]} if len(entry) == 2 else {}
            elements.append({**kind, name: entry[-1]})
        return elements

    return read


_REQUIRED = ("type", "eventTime", "eventTimeZoneOffset")
_COLUMNS: dict[str, Callable[[str], Json]] = {
    **{name: _same for name in (*_REQUIRED, "eventID", "action", "bizStep", "disposition")},
    "readPoint": _place_of,
    "bizLocation": _place_of,
    "parentID": _same,
    **{name: _epcs for name in ("epcList", "childEPCs", "inputEPCList", "outputEPCList")},
    **{name: _quantities for name in ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")},
    "transformationID": _same,
    "bizTransactionList": _typed("bizTransaction", type_required=False),
    "sourceList": _typed("source", type_required=True),
    "destinationList": _typed("destination", type_required=True),
}
