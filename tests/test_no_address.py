"""No address of a house exists anywhere: nothing that is asked, answered, recorded, founded or stored has a
field for one. Looked for in every body, answer, event, table of a network file and column of the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import psycopg
import pytest

from api.network_file.schema import NetworkFile
from domain.catalogue import EVENT_TYPES
from tests.api.http.ground import ground
from tests.support.postgres import Database

_LOCATES = re.compile(
    r"(^|_)(address(es)?|street|road|via|civic|house_number|postal|postcode|zip|cap|city|town|village"
    r"|municipalit(y|ies)|locality|location|place_name|latitude|longitude|lat|lon|lng|geo\w*|coordinates|map"
    r"|plus_code|what3words|indirizzo|comune|localita)(_|$)"
)
KNOWN = frozenset({"address_class", "municipalities"})
"""How secret an address is that nobody has; and which municipalities an Ambito is made of, none of them a
house's.
"""


def locating(names: Iterator[str]) -> set[str]:
    return {name for name in names if _LOCATES.search(name)} - KNOWN


def _properties(schema: Any) -> Iterator[str]:
    """Every name of a field in a JSON Schema, however deep."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for inner in schema.values():
            yield from _properties(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _properties(inner)


@pytest.mark.parametrize("name", ["address", "house_address", "via", "latitude", "geo_point", "postal_code"])
def test_an_address_would_be_found(name: str) -> None:
    assert locating(iter([name, "desk_id", "address_class"])) == {name}


@pytest.mark.asyncio
async def test_no_body_and_no_answer_has_room_for_an_address() -> None:
    async with ground() as stage:
        document = (await stage.client.get("/openapi.json")).json()
    assert len(list(_properties(document["components"]["schemas"]))) > 300
    assert locating(_properties(document["components"]["schemas"])) == set()
    parameters = [
        each["name"]
        for path in document["paths"].values()
        for operation in path.values()
        for each in operation.get("parameters", ())
    ]
    assert locating(iter(parameters)) == set()


def test_no_event_has_room_for_an_address() -> None:
    names = (field.name for kind in EVENT_TYPES.values() for field in fields(kind))
    assert locating(names) == set()


def test_no_table_of_a_network_file_has_room_for_an_address() -> None:
    assert locating(_properties(NetworkFile.model_json_schema())) == set()


def test_no_column_of_the_database_has_room_for_an_address(database: Database) -> None:
    statement = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
    """
    with psycopg.connect(database.dsn("superuser")) as connection:
        names = [row[0] for row in connection.execute(statement)]
    assert len(names) > 100
    assert locating(iter(names)) == set()
