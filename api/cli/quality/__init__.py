"""`lotmark quality`: one file per subcommand, imported only when it is used.

`lotmark quality ITEM` is `lotmark quality item ITEM`: what looks like no subcommand is an identifier.
"""

from __future__ import annotations

import click

from api.cli.lazy import LazyGroup

#: subcommand → (module, help)
_COMMANDS = {
    "item": ("api.cli.quality.item", "Show what was measured along an item's way."),
    "table": ("api.cli.quality.table", "Show all that was measured of an item by genealogy."),
    "touched": ("api.cli.quality.touched", "Show what a measurement touches."),
    "pipeline": ("api.cli.quality.pipeline", "Show or set how readings are cleaned."),
    "lot": ("api.cli.quality.lot", "Show one lot: what was decided, and what calls for attention."),
    "report": ("api.cli.quality.report", "Write the report of a lot or a month, as HTML or PDF."),
    "spc": ("api.cli.quality.spc", "Chart a process, and freeze the limits that it is judged by."),
    "capability": ("api.cli.quality.capability", "Judge whether a process can keep its specification."),
    "root-cause": ("api.cli.quality.root_cause", "Find what bad items have in common upstream."),
    "model": ("api.cli.quality.model", "Train, use, record and verify models that predict quality."),
    "sampling": ("api.cli.quality.sampling", "Plan acceptance sampling, and see what a plan lets pass."),
    "gage": ("api.cli.quality.gage", "Judge a measurement system (Gage R&R)."),
    "agreement": ("api.cli.quality.agreement", "Judge whether inspectors who judge by eye agree."),
    "oee": ("api.cli.quality.oee", "Show overall equipment effectiveness, and where the time went."),
    "yield": ("api.cli.quality.yields", "Show the yield of a process, step by step."),
    "suppliers": ("api.cli.quality.suppliers", "Show supplier scorecards with intervals."),
    "weibull": ("api.cli.quality.weibull", "Fit time to failure."),
    "calibration": ("api.cli.quality.calibration", "Show which equipment is due for calibration."),
    "shelf-life": ("api.cli.quality.shelf_life", "Tell how much of its shelf life an item has left."),
    "harvest-to-cool": ("api.cli.quality.harvest_to_cool", "Tell how long lots took from cutting to a cool core."),
    "residues": ("api.cli.quality.residues", "Judge laboratory results against their limits."),
    "retest": ("api.cli.quality.retest", "Hold stated results against your own retests."),
    "certificate": ("api.cli.quality.certificate", "Re-check certificates of analysis, line by line."),
    "mass-balance": ("api.cli.quality.mass_balance", "Hold mass in against mass out."),
    "footprint": ("api.cli.quality.footprint", "Add up what was used for a lot: energy, water, carbon."),
    "irrigation": ("api.cli.quality.irrigation", "Advise when and how much to irrigate."),
    "degree-days": ("api.cli.quality.degree_days", "Sum up degree-days, and the stage of a pest."),
    "archive": ("api.cli.quality.archive", "Load millions of readings into the archive."),
    "incidents": ("api.cli.quality.incidents:incidents", "Show what rules found."),
    "acknowledge": ("api.cli.quality.incidents:acknowledge", "Say that an incident was seen."),
    "close": ("api.cli.quality.incidents:close", "Say why an incident was, and what was done."),
    "hold": ("api.cli.quality.holds:hold", "Put a hold on a lot or item."),
    "release": ("api.cli.quality.holds:release", "End the hold on a lot or item."),
    "holds": ("api.cli.quality.holds:holds", "Show what is on hold."),
    "rules": ("api.cli.quality.rules", "List, add and remove rules for readings as they arrive."),
    "webhook": ("api.cli.quality.webhook", "List, add and remove URLs that are told of incidents."),
    "watch": ("api.cli.quality.watch", "Follow incidents and holds as they happen."),
}


class _Quality(LazyGroup):
    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        is_identifier = bool(arguments) and arguments[0] not in self.modules and any(c in arguments[0] for c in "():/")
        return super().resolve_command(context, ["item", *arguments] if is_identifier else arguments)


command = _Quality(
    "quality",
    _COMMANDS,
    help="What was measured, what it means, and what is to be done about it.",
)
