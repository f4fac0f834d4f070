"""Statistical process control: charts, run rules, frozen limits, capability; univariate and multivariate.

Our own few hundred lines of numpy, held against published examples: no kept package has all of it right.
"""

from __future__ import annotations
