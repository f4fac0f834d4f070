"""A home: the data directory of one ledger, its settings and its lock.

    from ledger.home import Home, load_settings

A home belongs to one process at a time. Its content and the events' secrets lie in separate files, so that the secrets
can be erased and backed up on their own.
"""

from __future__ import annotations

from ledger.home.home import Home, ServerNote
from ledger.home.settings import Setting, Settings, default_home, load_settings

__all__ = ["Home", "ServerNote", "Setting", "Settings", "default_home", "load_settings"]
