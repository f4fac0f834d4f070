"""Acceptance sampling: from a lot's size to its verdict.

`codes` and `single` hold the standard's plans, `double` those with a second sample, `operating` what any plan lets
pass, `find` the smallest plan for two risks, `switching` the move between severities, `verdict` the judgement of lots.
"""

from __future__ import annotations
