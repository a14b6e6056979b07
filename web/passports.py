"""The passport of a lot for buyers: one PDF to read, one JSON file to verify offline by one's own policy.

/passport/lot/<party>/<product>/<lot>      the PDF; ?form=json the file with its proofs
/passport/01/<gtin>/10/<lot>               the same under GS1's address

Everything in it is public. It says what others bear out and what rests on its author's word, and names the
checkpoint under which all of it stands.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, request

from ledger.checkpoint import Checkpoint
from ledger.note import Note
from qr.label import is_sample
from qr.pages import Block, Heading, Pair, Plain, document_pdf
from traceability import gs1, passport, story
from traceability.errors import Invalid
from traceability.reading import Reader
from traceability.story import Story
from web import proofs, storybook
from web.access import limiter
from web.database import Services
from web.facts import format_fact
from web.labels import address
from web.language import N_, gettext
from web.services import services
from web.words import word

blueprint = Blueprint("passports", __name__)

LIMITS = "60 per minute"
"""To set a paper takes a third of a second, and anybody may ask for it."""

FORMS = {"pdf": "application/pdf", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Passport:
    """What is known of a lot for a buyer, with its proofs."""

    told: Story
    document: dict[str, Any]

    def json(self) -> bytes:
        """Return the file that can be verified offline."""
        return json.dumps(self.document, ensure_ascii=False, indent=1).encode()


def of(shared: Services, reader: Reader, lot: str) -> Passport:
    """Return the passport of *lot*; raises `Unknown`."""
    rules = shared.rules(reader)
    told = story.tell(reader, lot, rules)
    document = passport.document(reader, told, made_at=shared.clock())
    return Passport(told, {**document, "proofs": proofs.proofs(shared, reader, told)})


@blueprint.get("/passport/<path:lot>")
@limiter.limit(LIMITS)
def lot_passport(lot: str) -> Response:
    """Return the passport of a lot in the form that ?form= names."""
    form = request.args.get("form", "pdf")
    if form not in FORMS:
        abort(404)
    try:
        named = gs1.parse(f"/{lot}", services().base_url).lot_uri
    except Invalid:
        abort(404)
    if named is None:
        abort(404)
    with services().reading() as reader:
        found = of(services(), reader, named)
        content = found.json() if form == "json" else pdf(services(), found)
    response = Response(content, content_type=FORMS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="passport.{form}"'
    return response


def pdf(shared: Services, found: Passport) -> bytes:
    """Return the passport as pages to read and file."""
    return document_pdf(
        gettext("批次护照"),
        [*_summary(found), *_tests(found), *_journey(found), *_records(found), *_standing(shared, found)],
        url=address(shared, found.told.lot),
        made_at=shared.clock(),
        sample=is_sample(shared.base_url),
    )


def _summary(found: Passport) -> Iterator[Block]:
    told, names = found.told, passport.names(found.told)
    yield Pair(gettext("批号"), format_fact("lot", told.lot))
    if told.known.product is not None:
        yield Pair(gettext("品类"), word("commodity", told.known.product.commodity))
    if told.known.maker is not None:
        yield Pair(gettext("生产单位"), names.get(told.known.maker, told.known.maker))
    if told.known.born_at is not None:
        yield Pair(gettext("生产日期"), format_fact("instant", told.known.born_at))
    yield Pair(gettext("承诺达标合格证"), word("certificate_state", told.certificate))
    yield Pair(gettext("检测结论"), _verdict(told))
    yield Pair(gettext("状态"), _state(told))
    if told.beyond:
        yield Pair(gettext("没有列出的来源"), str(len(told.beyond)))
    divisions = sorted({each.beside or each.text for each in storybook.fields_of(told)})
    if divisions:
        yield Pair(gettext("种植地"), "、".join(divisions))
    for each in told.origins if len(told.origins) > 1 else []:
        yield Pair(gettext("原料"), f"{format_fact('lot', each.lot)} {float(each.share):.1%}")


def _verdict(told: Story) -> str:
    return gettext("没有检测记录") if told.tests == "none" else word("verdict", told.tests)


def _state(told: Story) -> str:
    states = [gettext("已召回")] if told.is_recalled else []
    states += [word("rule", each) for each in told.known.holds]
    states += [gettext("来源未追溯")] if told.known.untraced else []
    return "、".join(states) or gettext("可流转")


def _tests(found: Passport) -> Iterator[Block]:
    rows = list(passport.results(found.told))
    if rows:
        yield Heading(gettext("检测"))
    for index, event in rows:
        head = f"{word('purpose', event.purpose)} · {event.sampled_on} · {word('verdict', event.verdict)}"
        yield Pair(gettext("第 %(index)s 条", index=index), head)
        for each in event.results:
            value = gettext("未检出") if each.value is None else f"{each.value:f} {each.unit}"
            limit = "" if each.limit is None else gettext("（限量 %(limit)s）", limit=f"{each.limit:f}")
            yield Pair(each.analyte, f"{value}{limit} {each.standard or ''}".strip())


def _journey(found: Passport) -> Iterator[Block]:
    document = found.document
    if document["temperatures"] or document["same_line"]:
        yield Heading(gettext("贮运与出口"))
    for each in document["temperatures"]:
        text = gettext(
            "%(form)s，%(readings)s 个读数，%(minimum)s 至 %(maximum)s ℃",
            form=word("form", each["form"]),
            readings=each["readings"],
            minimum=each["minimum"],
            maximum=each["maximum"],
        )
        yield Pair(gettext("温度记录"), text)
    for each in document["same_line"]:
        text = "、".join(
            f"{gettext(name)} {_answer(each[key])}"
            for name, key in ((N_("同线"), "line"), (N_("同标"), "standard"), (N_("同质"), "quality"))
        )
        yield Pair(gettext("同线同标同质"), text)


def _answer(value: bool | None) -> str:
    return gettext("无从判断") if value is None else gettext("是") if value else gettext("否")


def _records(found: Passport) -> Iterator[Block]:
    names = passport.names(found.told)
    borne_out = set(found.document["verified"])
    for title, chosen in (
        (N_("有他方佐证的记录"), borne_out),
        (N_("只有登记方自己声明的记录"), set(found.document["claimed"])),
    ):
        yield Heading(gettext(title))
        for each in found.document["records"]:
            if each["index"] in chosen and each["part"] == "event":
                text = f"{word('kind', each['kind'])} · {names.get(each['by'], each['by'])}"
                yield Pair(gettext("第 %(index)s 条", index=each["index"]), text)


def _standing(shared: Services, found: Passport) -> Iterator[Block]:
    """Say under which checkpoint all of it stands, and how it is checked without us."""
    yield Heading(gettext("怎样核验"))
    told = found.document["proofs"].get("checkpoint")
    if told is not None:
        checkpoint = Checkpoint.parse(Note.parse(told.encode()).text)
        yield Pair(gettext("账本"), checkpoint.origin)
        yield Pair(gettext("检查点"), gettext("%(size)s 条记录", size=checkpoint.size))
        yield Pair(gettext("树根"), checkpoint.root.hex())
    yield Pair(gettext("信任策略"), shared.policy.digest().hex()[:16])
    yield Plain(
        gettext("每条记录都由登记方签名、封存在只增不改的账本里。签名证明是谁说的，不证明说的是真的。")
    )
    yield Plain(
        gettext(
            "用同名的 JSON 文件和您自己保存的信任策略离线核验：jizihao verify-passport 文件 --policy 策略"
        ),
        small=True,
    )
