"""Readings over MQTT: acknowledged to the broker only once they are committed in the store."""

from __future__ import annotations
