"""What joins the store's rows with `api.quality`: one file per question, plain functions of a store, no HTTP."""

from __future__ import annotations
