"""What every table of a network file is made of: closed tables, labels, lists without repetition."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from domain.vocabulary import is_code


def _code(text: str) -> str:
    if not is_code(text):
        raise PydanticCustomError("code", "must be 1 to 40 lower-case letters, digits and single hyphens")
    return text


def _each_once(values: Any) -> Any:
    if isinstance(values, list) and any(value in values[:index] for index, value in enumerate(values)):
        raise PydanticCustomError("repeated", "names something twice: write each once")
    return values


Code = Annotated[str, AfterValidator(_code)]
Once = BeforeValidator(_each_once)


class Table(BaseModel):
    """A table of the file: no other keys, no conversions."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
