"""Values as JSON has them."""

from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from enum import Enum
from math import isfinite
from pathlib import PurePath
from typing import Any


def plain(value: Any) -> Any:
    """The same as objects, lists, texts and numbers; null for numbers that JSON has none for."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if isfinite(value) else None
        case Enum():
            return plain(value.value)
        case PurePath():
            return str(value)
        case Mapping():
            return {str(plain(name)): plain(entry) for name, entry in value.items()}
        case Set():
            return sorted(map(plain, value))
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value) if field.init}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    return [plain(entry) for entry in value]
