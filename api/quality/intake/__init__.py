"""Quality data coming in: files and sensor elements of events, checked strictly, as the frames that `columns` names."""

from __future__ import annotations
