"""Quality of what is manufactured: is the gauge good enough, may the lot pass, how do machines and suppliers do.

One file per question. Plain numpy, scipy and pandas; nothing here knows the server or the store.
"""

from __future__ import annotations
