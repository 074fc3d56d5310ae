"""A dataclass of choices as options of a command, and the command as a card names it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Tuning = TypeVar("_Tuning", bound="DataclassInstance")


def add_options(parser: argparse.ArgumentParser, tuning: type[DataclassInstance]) -> None:
    """An option for each field, which must have a default."""
    for field in fields(tuning):
        kind = _truth if isinstance(field.default, bool) else type(field.default)
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=kind, default=field.default)


def _truth(word: str) -> bool:
    return word.lower() in {"1", "true", "yes"}


def tuning_from(given: argparse.Namespace, tuning: type[_Tuning]) -> _Tuning:
    """What the options of `add_options` were given."""
    return tuning(**{field.name: getattr(given, field.name) for field in fields(tuning)})


def command_of(module: str, arguments: Sequence[str]) -> str:
    """What was typed, without the folders of the machine that it was typed on."""
    folders = {"--studies", "--cache", "--out"}
    words = ["DIR" if before in folders else word for before, word in pairwise(["", *arguments])]
    return " ".join([f"python -m {module}", *words])
