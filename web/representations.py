"""One lot for programs: its story as JSON, its events as EPCIS, and where else to look as a linkset.

application/json            every record of the lot's story, with its index in the log
application/ld+json         its standing events in EPCIS 2.0; places stay sealed
application/linkset+json    RFC 9264: the pages and documents about the lot, by GS1 link type
application/vnd.jizihao.proofs+json
                            its records with their proofs, for whoever judges them by a policy of their own

?linkType=linkset · gs1:defaultLink · gs1:pip · gs1:traceability · gs1:epcis     any other: 404
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal
from urllib.parse import urlencode

from flask import Response, jsonify
from werkzeug.datastructures import MIMEAccept

from traceability import gs1
from traceability.epcis import write
from traceability.story import Story
from web.database import Services
from web.language import gettext

PROOFS: Literal["application/vnd.jizihao.proofs+json"] = "application/vnd.jizihao.proofs+json"
Wanted = Literal[
    "text/html",
    "application/json",
    "application/ld+json",
    "application/linkset+json",
    "application/vnd.jizihao.proofs+json",
]

VOCABULARY = "https://ref.gs1.org/voc/"
LINK_TYPES: Mapping[str, Wanted] = {
    "linkset": "application/linkset+json",
    "defaultLink": "text/html",
    "pip": "text/html",
    "traceability": "text/html",
    "epcis": "application/ld+json",
}


def wanted(link_type: str | None, accept: MIMEAccept) -> Wanted | None:
    """Return the form that was asked for by link type, else by what is accepted; None for one we have not."""
    if link_type is not None:
        return LINK_TYPES.get(link_type.removeprefix(VOCABULARY).removeprefix("gs1:"))
    forms: tuple[Wanted, ...] = (
        "text/html",
        "application/ld+json",
        "application/json",
        "application/linkset+json",
        PROOFS,
    )
    best = accept.best_match(forms, default="text/html")
    return next(each for each in forms if each == best)


def story_document(told: Story, base_url: str, pack: Mapping[str, Any] | None = None) -> Response:
    """Return the story for programs; *pack* is the state of the code that was asked for, if one was."""
    return jsonify(
        {
            **({} if pack is None else {"pack": pack}),
            "lot": gs1.address(told.lot, base_url),
            "certificate": told.certificate,
            "tests": told.tests,
            "holds": list(told.known.holds),
            "untraced": told.known.untraced,
            "recalled": told.is_recalled,
            "recalls": [
                {"index": each.index, "level": each.level, "cause": each.cause} for each in told.recalls
            ],
            "origins": [
                {"lot": gs1.address(each.lot, base_url), "share": str(each.share)} for each in told.origins
            ],
            "beyond": [gs1.address(each, base_url) for each in told.beyond],
            "records": [
                {
                    "index": each.record.index,
                    "subject": each.subject,
                    "part": each.part,
                    "void_by": each.void_by,
                    "confirmed_by": list(each.confirmed_by),
                    **({} if each.lapse is None else {"lapsed": asdict(each.lapse)}),
                    "record": None if each.record.entry is None else each.record.entry.record,
                }
                for each in told.chapters
            ],
        }
    )


def epcis_document(told: Story, shared: Services) -> Response:
    """Return the standing events of the story as an EPCIS 2.0 document; places stay sealed."""
    events = []
    for chapter in told.chapters:
        statement = chapter.record.statement
        if statement is None or chapter.void_by is not None:
            continue
        name = getattr(statement.event, "event_id", statement.id)
        made = write.event_of(statement.event, event_id=name, base_url=shared.base_url)
        if made is not None:
            events.append(made)
    response = jsonify(write.document(events, base_url=shared.base_url, created=shared.clock()))
    response.content_type = "application/ld+json"
    return response


def linkset_document(uri: str, path: str, *, title: str, base_url: str, has_events: bool = True) -> Response:
    """Return where to look for what about the thing *uri*, whose page is at *path*."""
    page = base_url + path
    links: dict[str, Any] = {"anchor": gs1.address(uri, base_url), "itemDescription": title}
    named = {
        "defaultLink": gettext("追溯页"),
        "pip": gettext("产品信息"),
        "traceability": gettext("追溯记录"),
    }
    for name, text in named.items():
        links[VOCABULARY + name] = [
            {"href": page, "title": text, "type": "text/html", "hreflang": ["zh", "en"]}
        ]
    if has_events:
        query = urlencode({"linkType": "gs1:epcis"})
        events = {"href": f"{page}?{query}", "title": gettext("EPCIS 事件"), "type": "application/ld+json"}
        links[VOCABULARY + "epcis"] = [events]
    response = jsonify({"linkset": [links]})
    response.content_type = "application/linkset+json"
    return response
