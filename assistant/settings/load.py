"""Merging settings: flag over environment over ``realist.toml`` over default, each value with its origin."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from assistant.errors import SettingsError
from assistant.settings import schema
from assistant.settings.environment import PREFIX

_SECRET = re.compile(r"(?i)(^|[._])(api_?)?(key|token|secret|password)$")
_KEYS_STAY_OUT = "Keys stay out of settings: set the provider's usual variable, such as OPENAI_API_KEY."


@dataclass(frozen=True, slots=True)
class EffectiveSettings:
    """The settings of this run, and where each came from."""

    settings: schema.Settings
    """The merged values."""
    origins: Mapping[str, str]
    """By dotted key: ``default``, ``realist.toml``, the variable's name, or the flag's."""


def load_settings(
    file: Path | None,
    variables: Mapping[str, str] | None = None,
    flags: Mapping[str, tuple[str, Any]] | None = None,
) -> EffectiveSettings:
    """Merges all origins.

    Args:
        file: The project's ``realist.toml``; None outside a project.
        variables: ``REALIST_*`` names and values.
        flags: Dotted key to the flag's name and value, of the flags given.

    Raises:
        SettingsError: Naming the key, its origin and the nearest valid key, or the value that does not fit.
    """
    values: dict[str, Any] = {}
    origins = dict.fromkeys(schema.keys(), "default")
    for origin, key, value in (*_from_file(file), *_from_variables(variables or {}), *_from_flags(flags or {})):
        values[key] = value
        origins[key] = origin
    return EffectiveSettings(_validated(values, origins), origins)


def _from_file(file: Path | None) -> list[tuple[str, str, Any]]:
    if file is None:
        return []
    try:
        sections = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"{file} can't be read: {error}",
            remedy="Mend the file, or delete it and run `realist init` again.",
            path=file,
        ) from error
    found: list[tuple[str, str, Any]] = []
    for section, entries in sections.items():
        if not isinstance(entries, dict):
            raise _unknown(section, file.name)
        found.extend((file.name, _known(f"{section}.{name}", file.name), value) for name, value in entries.items())
        if not entries and section not in schema.Settings.model_fields:
            raise _unknown(section, file.name)
    return found


def _from_variables(variables: Mapping[str, str]) -> list[tuple[str, str, Any]]:
    by_variable = {PREFIX + key.replace(".", "_").upper(): key for key in schema.keys()}
    for name in variables:
        if name not in by_variable:
            raise _unknown(name, "the environment", by_variable)
    return [(name, by_variable[name], value) for name, value in variables.items()]


def _from_flags(flags: Mapping[str, tuple[str, Any]]) -> list[tuple[str, str, Any]]:
    return [(flag, _known(key, flag), value) for key, (flag, value) in flags.items()]


def _known(key: str, origin: str) -> str:
    if key not in schema.keys():
        raise _unknown(key, origin)
    return key


def _unknown(key: str, origin: str, valid: Mapping[str, str] | None = None) -> SettingsError:
    if _SECRET.search(key):
        return SettingsError(f"{origin} sets {key}, which is no setting", remedy=_KEYS_STAY_OUT)
    known = list(valid or schema.keys())
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)[0]
    return SettingsError(f"{origin} sets {key}, which is no setting", remedy=f"Did you mean {near}?")


def _shown(value: object) -> str:
    """``value`` as it was given, without a user name and password inside an address."""
    return re.sub(r"://[^/@]*@", "://***@", repr(value))


def _validated(values: Mapping[str, Any], origins: Mapping[str, str]) -> schema.Settings:
    nested: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        section, _, name = key.partition(".")
        nested.setdefault(section, {})[name] = value
    sections = {name: _section(name, kind, nested.get(name, {}), origins) for name, kind in schema.sections().items()}
    return schema.Settings.model_construct(**sections)


def _section(name: str, kind: type[BaseModel], given: Mapping[str, Any], origins: Mapping[str, str]) -> Any:
    """A section with what was ``given``; one of defaults alone needs no validator, and is made without."""
    if not given:
        return kind.model_construct()
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, (name, *first["loc"][:1])))
        raise SettingsError(
            f"{key} = {_shown(first['input'])} ({origins.get(key, 'settings')}): {first['msg']}",
            remedy="`realist config` prints every setting with its meaning.",
        ) from error
