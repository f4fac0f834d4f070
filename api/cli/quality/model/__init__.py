"""`lotmark quality model`: train, show, use, record and verify models that predict quality; all of them are files."""

from __future__ import annotations

from api.cli.lazy import LazyGroup

#: subcommand → (module, help)
_COMMANDS = {
    "train": ("api.cli.quality.model.train", "Train a model on a table, and judge it on groups it has not seen."),
    "show": ("api.cli.quality.model.show", "Show a model's card."),
    "predict": (
        "api.cli.quality.model.predict",
        "Predict for the rows of a table, and say what moved each prediction.",
    ),
    "install": (
        "api.cli.quality.model.install",
        "Copy a model into the home, for rules to ask.",
    ),
    "list": ("api.cli.quality.model.list", "Show the models whose cards are registered here."),
    "record": ("api.cli.quality.model.record", "Capture an event that puts a model's card on record."),
    "verify": ("api.cli.quality.model.verify", "Check that a bundle proves events of exactly this model."),
    "drift": ("api.cli.quality.model.drift", "Compare new inputs and predictions with those of training."),
}

command = LazyGroup("model", _COMMANDS, help="Models that predict quality: train, use, and prove them.")
