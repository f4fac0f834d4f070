"""The routes under /quality, one file per area. Of them `items` comes last, for its path takes whatever is left."""

from __future__ import annotations
