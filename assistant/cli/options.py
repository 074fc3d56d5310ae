"""Flags that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

EngineFlag = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="NAME",
        help="extractive (no chat model), model, or cascade (the tagger says where the model looks).",
    ),
]
