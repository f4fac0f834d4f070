"""Prediction: tables checked for leakage, models judged on unseen groups, cards that bind model, data and figures."""

from __future__ import annotations
