"""What the API answers and takes, as pydantic models: they are its documentation, and the tests hold answers to them.

Each model has a real example. Answers are built as plain dictionaries, which for a large trace is much faster.
"""

from __future__ import annotations
