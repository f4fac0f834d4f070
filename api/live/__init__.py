"""What runs beside the server as readings arrive: rules over them, incidents, who is told, and MQTT's intake."""

from __future__ import annotations
