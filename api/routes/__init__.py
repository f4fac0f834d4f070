"""The API's endpoints, one module per noun. Each only translates: what things mean is the ledger's business."""

from __future__ import annotations
