"""The description of the API says what is there, and is made from the events themselves."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from tests.programs import Api
from tests.strategies import events
from traceability import codec, disclosure
from web import openapi


def test_the_description_names_every_route(api: Api) -> None:
    told = {(each.method.upper(), each.address) for each in openapi.OPERATIONS}

    there = {
        (method, rule.rule.replace("<int:", "<").replace("<path:", "<").replace("<", "{").replace(">", "}"))
        for rule in api.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.docs"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert told == there


def test_every_reference_of_the_description_leads_somewhere(api: Api) -> None:
    document = api.ask("/v1/openapi.json", who=None).json
    text = json.dumps(document)

    named = {each.split('"')[0] for each in text.split('"$ref": "#/components/schemas/')[1:]}

    assert document["openapi"] == "3.1.0"
    assert named - set(document["components"]["schemas"]) == set()


def test_the_description_is_valid(api: Api) -> None:
    validator = pytest.importorskip(
        "openapi_spec_validator", reason="openapi-spec-validator is not installed"
    )

    faults = validator.OpenAPIV31SpecValidator(api.ask("/v1/openapi.json", who=None).json).iter_errors()

    assert [each.message for each in faults] == []


@given(event=events())
def test_every_event_fits_its_description(event: Any) -> None:
    sealed, _ = disclosure.seal(event, "urn:uuid:1")
    schemas = openapi.document("http://x")["components"]["schemas"]

    unfit = list(misfits(codec.to_json(sealed), schemas["SignedEvent"], schemas))

    assert unfit == []


KINDS_OF_JSON = {str: "string", int: "integer", bool: "boolean"}


def misfits(value: Any, form: dict[str, Any], schemas: dict[str, Any], where: str = "") -> Iterator[str]:
    """Yield each place of *value* that is not of *form*: members, words, and JSON types."""
    form = resolved(value, form, schemas)
    if isinstance(value, dict):
        known = form["properties"]
        yield from (f"{where}/{name}" for name in set(value) - set(known))
        yield from (f"{where}/{name} missing" for name in set(form["required"]) - set(value))
        for name in set(value) & set(known):
            yield from misfits(value[name], known[name], schemas, f"{where}/{name}")
    elif isinstance(value, list):
        for position, each in enumerate(value):
            yield from misfits(each, form["items"], schemas, f"{where}/{position}")
    elif value not in form.get("enum", [form.get("const", value)]) or (
        "type" in form and KINDS_OF_JSON[type(value)] not in form["type"]
    ):
        yield where


def resolved(value: Any, form: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Follow references, and the discriminator of an event, to the schema that counts."""
    while "$ref" in form or "discriminator" in form:
        reference = form["$ref"] if "$ref" in form else form["discriminator"]["mapping"][value["kind"]]
        form = schemas[reference.rsplit("/", 1)[1]]
    return form


@pytest.mark.parametrize(("language", "title"), [("zh", "程序接口"), ("en", "API")])
def test_the_description_is_a_page_without_scripts(api: Api, language: str, title: str) -> None:
    page = api.app.test_client().get(f"/api/docs?lang={language}")

    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert f"<h1>{title}</h1>" in page.text
    assert "<script" not in page.text
    assert all(operation.address in page.text for operation in openapi.OPERATIONS)


def test_the_page_lists_every_schema(api: Api) -> None:
    page = api.app.test_client().get("/api/docs").text

    missing = [
        name
        for name in openapi.document("http://x")["components"]["schemas"]
        if f'id="schema-{name}"' not in page
    ]

    assert missing == []
