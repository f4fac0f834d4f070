"""The one font of the reports: Noto Sans SC (SIL OFL 1.1), which has Latin and Chinese.

It comes with the package `zhplot`, of which only the file is used. A report carries the glyphs that it needs, so that
it looks the same everywhere; without such a font Chinese would come out as empty boxes, and nobody would be told.
"""

from __future__ import annotations

import importlib.util
import io
from functools import cache
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from ledger.errors import LotmarkError

FAMILY = "Noto Sans SC"
#: what page numbers need, which are not in the text
_ALWAYS = " 0123456789/"


@cache
def font_file() -> Path:
    """Where the font lies. Raises LotmarkError if the installation is without it."""
    found = importlib.util.find_spec("zhplot")
    for directory in (found.submodule_search_locations or ()) if found else ():
        file = Path(directory) / "fonts" / "NotoSansSC-Regular.ttf"
        if file.is_file():
            return file
    raise LotmarkError("the font of the reports is missing", advice="Install Lotmark with its dependencies again.")


def subset(text: str) -> bytes:
    """The font with the glyphs of `text` alone, as WOFF; the same bytes for the same characters."""
    options = Options()
    options.flavor = "woff"
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "vhea", "vmtx", "BASE"]
    options.name_IDs = [1, 2]
    written = io.BytesIO()
    with TTFont(font_file(), lazy=True, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes={ord(character) for character in text + _ALWAYS})
        subsetter.subset(font)
        font.flavor = "woff"
        font.save(written, reorderTables=False)
    return written.getvalue()


def missing_glyphs(text: str) -> str:
    """The printable characters of `text` that the font cannot show."""
    return "".join(sorted({each for each in text if each.isprintable() and ord(each) not in _known()}))


@cache
def _known() -> frozenset[int]:
    with TTFont(font_file(), lazy=True) as font:
        return frozenset(font.getBestCmap())
