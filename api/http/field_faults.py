"""From pydantic's errors to ours: which field, what is wrong, what to do. Never what was sent.

A pointer holds only names of our own fields and list positions. A field that is not ours is told by the
object it stands in and the names allowed there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from api.http.problems import FieldFault

VAULT_FIELDS = frozenset(
    {
        "address",
        "alias",
        "callback",
        "callback_phone",
        "callback_telephone",
        "codice_fiscale",
        "date_of_birth",
        "decline_code",
        "email",
        "family_name",
        "fiscal_code",
        "given_name",
        "name",
        "note",
        "notes",
        "phone",
        "reason",
        "refusal_code",
        "surname",
        "tax_code",
        "telephone",
    }
)
"""Names under which people send values of the vault where they do not belong: known, and refused."""

_KINDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "missing": ("MISSING", "Il campo è obbligatorio.", "The field is required."),
        "enum": ("CODE_UNKNOWN", "Usa uno dei codici previsti: {expected}.", "Use one of: {expected}."),
        "literal_error": (
            "CODE_UNKNOWN",
            "Usa uno dei codici previsti: {expected}.",
            "Use one of: {expected}.",
        ),
        "int_type": ("NOT_AN_INTEGER", "Manda un numero intero.", "Send an integer."),
        "int_from_float": ("NOT_AN_INTEGER", "Manda un numero intero.", "Send an integer."),
        "int_parsing": ("NOT_AN_INTEGER", "Manda un numero intero.", "Send an integer."),
        "int_parsing_size": ("OUT_OF_RANGE", "Il numero è troppo grande.", "The number is too large."),
        "bool_type": ("NOT_A_BOOLEAN", "Manda true o false.", "Send true or false."),
        "string_type": ("NOT_A_STRING", "Manda una stringa.", "Send a string."),
        "greater_than_equal": ("OUT_OF_RANGE", "Il minimo è {ge}.", "The least is {ge}."),
        "less_than_equal": ("OUT_OF_RANGE", "Il massimo è {le}.", "The most is {le}."),
        "too_long": ("TOO_MANY", "Al massimo {max_length} elementi.", "At most {max_length} items."),
        "too_short": ("TOO_FEW", "Almeno {min_length} elementi.", "At least {min_length} items."),
        "string_too_long": (
            "TOO_LONG",
            "Al massimo {max_length} caratteri.",
            "At most {max_length} characters.",
        ),
        "string_too_short": (
            "TOO_SHORT",
            "Almeno {min_length} caratteri.",
            "At least {min_length} characters.",
        ),
        "string_pattern_mismatch": (
            "MALFORMED",
            "Il formato richiesto è {pattern}.",
            "The format must be {pattern}.",
        ),
        "uuid_parsing": ("NOT_AN_ID", "Manda un UUID.", "Send a UUID."),
        "uuid_type": ("NOT_AN_ID", "Manda un UUID.", "Send a UUID."),
        "timezone_aware": (
            "NO_TIME_ZONE",
            "Indica il fuso: per esempio 2026-11-22T02:13:00Z.",
            "Give the offset: for instance 2026-11-22T02:13:00Z.",
        ),
        "instant_out_of_range": (
            "OUT_OF_RANGE",
            "L'istante è fuori dagli anni 2001-2099.",
            "The instant is outside the years 2001-2099.",
        ),
        "value_form": (
            "MALFORMED",
            "La forma di questo dato non è ammessa.",
            "This value does not have the form it needs.",
        ),
        "nothing_given": ("NOTHING_GIVEN", "Manda almeno un dato.", "Send at least one value."),
        "tuple_type": ("NOT_A_LIST", "Manda un elenco.", "Send a list."),
        "model_type": ("NOT_AN_OBJECT", "Manda un oggetto JSON.", "Send a JSON object."),
    }
)
_MOMENT = (
    "NOT_A_MOMENT",
    "Manda data e ora in formato RFC 3339, con il fuso.",
    "Send date and time as in RFC 3339, with the offset.",
)
_DAY = ("NOT_A_DATE", "Manda una data AAAA-MM-GG.", "Send a date YYYY-MM-DD.")
_OTHER = ("INVALID", "Il valore non è ammesso.", "The value is not allowed.")
_VAULT = (
    "BELONGS_IN_THE_VAULT",
    "Va nella cassaforte, o da nessuna parte: togli questo campo.",
    "It belongs in the vault, or nowhere: leave this field out.",
)


_MEMBER = re.compile(r"<\w+\.\w+: ('\w+')>")


def is_for_the_vault(error: ErrorDetails) -> bool:
    return error["type"] == "extra_forbidden" and error["loc"][-1] in VAULT_FIELDS


def fault_of(error: ErrorDetails, model: type[BaseModel]) -> FieldFault:
    """One error about a body read as `model`."""
    location = error["loc"]
    if is_for_the_vault(error):
        code, it, en = _VAULT
        return FieldFault(pointer=_pointer(location), code=code, it=it, en=en)
    if error["type"] == "extra_forbidden":
        allowed = ", ".join(_fields_at(model, location[:-1]))
        return FieldFault(
            pointer=_pointer(location[:-1]),
            code="FIELD_UNKNOWN",
            it=f"C'è un campo non previsto. I campi ammessi qui sono: {allowed}.",
            en=f"There is an unknown field. The fields allowed here are: {allowed}.",
        )
    return located_fault(error, _pointer(location))


def located_fault(error: ErrorDetails, pointer: str) -> FieldFault:
    """One error about what `pointer` names."""
    kind = error["type"]
    if kind.startswith("datetime"):
        code, it, en = _MOMENT
    elif kind.startswith("date"):
        code, it, en = _DAY
    else:
        code, it, en = _KINDS.get(kind, _OTHER)
    bounds = {name: _ours(value) for name, value in error.get("ctx", {}).items()}
    return FieldFault(pointer=pointer, code=code, it=it.format_map(bounds), en=en.format_map(bounds))


def _ours(bound: object) -> str:
    """A bound of ours, in words; pydantic lists codes as 'A', 'B' or 'C', or as <Kind.A: 'A'> or <…>."""
    return _MEMBER.sub(r"\1", str(bound)).replace("'", "").replace(" or ", ", ")


def _pointer(location: tuple[int | str, ...]) -> str:
    return "".join(f"/{part}" for part in location)


def _fields_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The names of the fields of the object at `location`."""
    annotation: Any = model
    for part in location:
        inner = next(iter(models_in(annotation)), None)
        if isinstance(part, str) and inner is not None and part in inner.model_fields:
            annotation = inner.model_fields[part].annotation
    found = next(iter(models_in(annotation)), model)
    return list(found.model_fields)


def models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in models_in(argument)]
