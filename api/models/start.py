"""What the start of the page shows."""

from __future__ import annotations

from api.models.common import Model, example


class Showcase(Model):
    item: str
    title: str
    sentence: str


class Named(Model):
    uri: str
    name: str


class Start(Model):
    """Items worth looking at, and names for the URIs of organisations and places."""

    model_config = example(
        {
            "showcase": [
                {
                    "item": "https://id.gs1.org/01/09521000010017/10/H26-114",
                    "title": "Apples of lot H26-114",
                    "sentence": "A lot of apples, from harvest to shelf.",
                }
            ],
            "organisations": [{"uri": "https://id.gs1.org/417/9521000000001", "name": "Sunny Fields"}],
            "names": {"https://id.gs1.org/417/9521000000001": "Sunny Fields"},
            "demonstration": True,
        }
    )

    showcase: list[Showcase]
    organisations: list[Named]
    names: dict[str, str]
    demonstration: bool
