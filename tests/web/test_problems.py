"""Every error has its sentence in each language: it names the field and the way out, never the machine."""

import ast
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient

from ledger.errors import Busy, Conflict, KeysChanged, LedgerError, Malformed, NotProven, Unreachable, Unsafe
from qr.errors import CodeError, Mistyped, NotIssued
from tests.documents import alert_codes
from tests.webapp import foundation
from traceability.errors import (
    Breach,
    Invalid,
    NotAllowed,
    Problem,
    Refused,
    Repeated,
    TraceError,
    Unknown,
)
from traceability.rules.names import NAMES
from web import access, sentences, terms
from web.forms import Form
from web.language import Language, speaking
from web.problems import field_name, tell, tell_breaches
from web.settings import NotSetUp
from web.terms import FIELDS, RULES, TwoNames, merged

ROOT = Path(__file__).resolve().parents[2]
SPRAY = Breach(
    "pre-harvest-interval",
    "农产品质量安全法 art. 29",
    (
        ("plot", "a3"),
        ("treatment", "10%吡虫啉"),
        ("substances", "吡虫啉"),
        ("sprayed", "2026-07-01"),
        ("days", "7"),
        ("earliest", "2026-07-08"),
    ),
)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "zh",
            "地块 a3 在 2026-07-01 使用了 10%吡虫啉（吡虫啉），安全间隔期 7 天，最早 2026-07-08 才能采收。",
        ),
        (
            "en",
            "Plot a3 was treated with 10%吡虫啉 (吡虫啉) on 2026-07-01. "
            "The interval is 7 days: the earliest harvest is 2026-07-08.",
        ),
    ],
)
def test_a_refusal_names_the_spray_and_the_earliest_date(language: Language, expected: str) -> None:
    with speaking(language):
        told = tell(Refused(SPRAY))

    assert (told.status, [each.text for each in told.sentences], told.sentences[0].clause) == (
        422,
        [expected],
        "农产品质量安全法 art. 29",
    )


def test_a_problem_names_its_field_and_the_way_out() -> None:
    error = Invalid(
        Problem("plots.1.amount.kg", "not-a-number", (("found", "三百"),)), Problem("lot", "missing")
    )

    told = tell(error)

    assert told.by_field() == {
        "plots.1.amount.kg": ["「重量（公斤）（第 2 行）」不是数字：三百。请只填数字和小数点。"],
        "lot": ["请填写「批号」。"],
    }


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("lot", "批号"),
        ("results[0].value", "检测值（第 1 行）"),
        ("plots.1.amount.kg", "重量（公斤）（第 2 行）"),
        ("epcisBody.eventList[3].eventTime", "eventTime（第 4 行）"),
        ("", ""),
    ],
)
def test_a_row_is_counted_from_one(where: str, expected: str) -> None:
    assert field_name(where) == expected


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_an_event_cannot_be_is_told_in_the_readers_language(language: Language) -> None:
    error = Invalid(Problem("", "impossible", (("found", "a harvest names each plot once"),)))

    with speaking(language):
        told = tell(error)

    assert told.sentences[0].text == {"zh": "同一地块只能写一次。", "en": "Name each plot once."}[language]


def test_a_code_that_nobody_foresaw_still_names_its_field() -> None:
    told = tell(Invalid(Problem("lot", "brand-new")))

    assert told.sentences[0].text == "「批号」不正确（brand-new）。请改正后再提交。"


def test_a_rule_that_nobody_foresaw_still_tells_its_facts() -> None:
    with speaking("en"):
        (told,) = tell_breaches(
            [Breach("brand-new", "art. 1", (("lot", "/lot/a/b/L1"), ("day", "2026-07-01")))]
        )

    assert told.text == "It breaks the rule “brand-new” (art. 1). lot: L1; day: 2026-07-01"


def test_a_fact_that_is_missing_shows_as_a_dash() -> None:
    (told,) = tell_breaches([Breach("lot-exists", "house")])

    assert told.text == "批号 — 已经用过，请换一个。"


def test_a_moment_of_a_rule_is_told_in_chinese_time() -> None:
    facts = (("lot", "/lot/a/b/L1"), ("born", "2026-09-21T00:00:00+00:00"))

    (told,) = tell_breaches([Breach("before-its-lot", "house", facts)])

    assert told.text == "批次 L1 产生于 2026-09-21 08:00，事件时间不能更早。"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Invalid(), 422, "invalid"),
        (Refused(), 422, "refused"),
        (Unknown("lot", "L1"), 404, "unknown"),
        (Unknown("spaceship", "L1"), 404, "unknown"),
        (NotAllowed("role", role="farm"), 403, "not-allowed"),
        (NotAllowed("brand-new"), 403, "not-allowed"),
        (Repeated("a", "urn:uuid:1"), 409, "repeated"),
        (TraceError(), 422, "trace-error"),
        (Malformed("x"), 422, "ledger"),
        (NotProven("x"), 422, "ledger"),
        (Conflict("x"), 409, "ledger"),
        (Unsafe("x"), 503, "ledger"),
        (KeysChanged("x"), 503, "ledger"),
        (LedgerError("x"), 422, "ledger"),
        (Busy("x"), 429, "ledger"),
        (Unreachable("x"), 503, "ledger"),
        (NotIssued("x"), 404, "serial-not-issued"),
        (Mistyped("x"), 422, "code-mistyped"),
        (NotSetUp("exposed", "a", "0644"), 503, "not-set-up"),
        (ZeroDivisionError("the password is 1234"), 500, "http-500"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_error_has_a_status_a_title_and_a_way_out(
    error: Exception, status: int, code: str, language: Language
) -> None:
    with speaking(language):
        told = tell(error)

    assert (told.status, told.code, bool(told.title), bool(told.detail)) == (status, code, True, True)
    assert "password" not in told.title + told.detail


def test_a_terminal_shows_one_line_for_each_problem() -> None:
    several = tell(Invalid(Problem("lot", "missing"))).lines()
    alone = tell(Unknown("plot", "p1")).lines()

    assert (several, alone) == (
        ["内容有误", "  lot: 请填写「批号」。"],
        ["没有找到这个地块：p1。请先登记地块。"],
    )


def test_a_program_gets_the_members_of_rfc_9457() -> None:
    document = tell(Refused(SPRAY)).document("/api/v1/events")

    assert {name: document[name] for name in ("type", "title", "status", "instance")} == {
        "type": "urn:jizihao:problem:refused",
        "title": "不符合规定，没有登记",
        "status": 422,
        "instance": "/api/v1/events",
    }
    assert document["errors"][0] == {
        "where": "",
        "code": "pre-harvest-interval",
        "detail": tell(Refused(SPRAY)).sentences[0].text,
        "clause": "农产品质量安全法 art. 29",
        "level": "refuse",
    }


def test_every_rule_has_a_name_and_a_sentence_and_nothing_else_has() -> None:
    alone = alert_codes() - set(NAMES)
    assert (set(RULES) - alone, set(sentences.RULE_PROBLEMS)) == (set(NAMES), set(NAMES))


@pytest.mark.parametrize("topic", sorted(module.name for module in iter_modules(terms.__path__)))
def test_the_sentence_of_a_rule_stands_in_the_topic_of_its_name(topic: str) -> None:
    told = getattr(import_module(f"web.sentences.{topic}"), "RULE_PROBLEMS", {})
    names = getattr(import_module(f"web.terms.{topic}"), "RULES", {})

    assert set(told) - set(names) == set()


def test_two_topics_that_say_different_things_of_one_code_raise() -> None:
    alike = merged([{"a": "x"}, {"a": "x", "b": "y"}])

    assert alike == {"a": "x", "b": "y"}
    with pytest.raises(TwoNames):
        merged([{"a": "x"}, {"a": "z"}])


def test_every_fact_of_a_rule_has_a_name() -> None:
    source = (ROOT / "traceability" / "rules").glob("*.py")
    told = {name for path in source for name in _fact_names(path)}

    assert told - set(FIELDS) == set()


def test_every_problem_in_the_source_has_a_sentence() -> None:
    codes = {*_codes_of("traceability"), *_codes_of("web"), *_codes_of("qr")}

    assert codes - set(sentences.FIELD_PROBLEMS) == set()


def test_every_reason_for_which_an_event_cannot_be_has_a_sentence() -> None:
    reasons = set(_first_words("traceability/events", "ValueError"))

    assert reasons - set(sentences.IMPOSSIBLE) == set()


def test_every_reason_for_not_allowing_has_a_sentence() -> None:
    reasons = {*_first_words("traceability", "NotAllowed"), *_first_words("web", "NotAllowed")}

    assert reasons - set(sentences.NOT_ALLOWED) == set()


def test_every_error_of_each_tree_has_a_title_or_a_sentence() -> None:
    trade = {error.code for error in TraceError.__subclasses__()}
    ledger = {error.__name__ for error in LedgerError.__subclasses__()}
    codes = {error.code for error in CodeError.__subclasses__()}

    assert trade - set(sentences.TITLES) == set()
    assert ledger - set(sentences.LEDGER) == set()
    assert codes - set(sentences.CODES) == set()


def test_a_form_shows_again_what_was_typed_beside_what_is_wrong() -> None:
    told = tell(Invalid(Problem("lot", "missing")))

    form = Form({"amount.kg": "12"}, told)

    assert (form.value("amount.kg"), form.value("lot"), form.errors("lot"), form.errors("amount.kg")) == (
        "12",
        "",
        ["请填写「批号」。"],
        [],
    )


def test_a_form_of_one_field_shows_everything_there() -> None:
    form = Form({"code": "x"}, tell(Invalid(Problem("lot", "missing"))), everything_at="code")

    assert (form.errors("code"), form.errors("lot"), form.sentences()) == (["请填写「批号」。"], [], ())


def _trouble() -> Blueprint:
    blueprint = Blueprint("trouble", __name__)
    raised: dict[str, Exception] = {
        "refused": Refused(SPRAY),
        "unknown": Unknown("lot", "L<1>"),
        "zero": ZeroDivisionError("secret"),
        "ledger": Unsafe("x"),
    }

    @blueprint.get("/api/trouble/<what>", endpoint="api")
    @blueprint.get("/trouble/<what>", endpoint="page")
    def page(what: str) -> str:
        raise raised[what]

    @blueprint.post("/trouble/echo", endpoint="echo")
    def echo() -> str:
        return request.form.get("x", "")

    return blueprint


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    troubles = {"trouble.api", "trouble.page", "trouble.echo"}
    monkeypatch.setattr(access, "PUBLIC", access.PUBLIC | troubles)
    with foundation(tmp_path, _trouble()) as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(
    ("what", "status"), [("refused", 422), ("unknown", 404), ("zero", 500), ("ledger", 503)]
)
def test_people_get_a_page_and_programs_a_problem_document(
    client: FlaskClient, what: str, status: int
) -> None:
    page = client.get(f"/trouble/{what}")
    document = client.get(f"/api/trouble/{what}")

    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert (document.status_code, document.mimetype) == (status, "application/problem+json")
    assert json.loads(document.data)["status"] == status
    assert "Traceback" not in page.text + document.text
    assert "secret" not in page.text + document.text


def test_what_somebody_typed_is_escaped(client: FlaskClient) -> None:
    assert "L&lt;1&gt;" in client.get("/trouble/unknown").text


def test_a_page_that_is_not_there_helps_to_find_the_right_one(client: FlaskClient) -> None:
    page = client.get("/no/such/page")

    assert (page.status_code, 'action="/find"' in page.text) == (404, True)


def test_a_program_that_asks_for_json_gets_it_anywhere(client: FlaskClient) -> None:
    answers = {
        accept: client.get("/nowhere", headers={"Accept": accept}).mimetype
        for accept in ("application/json", "application/problem+json", "*/*", "text/html,*/*;q=0.1", "")
    }

    assert answers == {
        "application/json": "application/problem+json",
        "application/problem+json": "application/problem+json",
        "*/*": "text/html",
        "text/html,*/*;q=0.1": "text/html",
        "": "text/html",
    }


def test_a_method_that_is_not_possible_names_those_that_are(client: FlaskClient) -> None:
    answer = client.delete("/healthz")

    assert (answer.status_code, "GET" in answer.headers["Allow"]) == (405, True)


def test_a_body_that_is_too_large_is_refused_in_words(app: Flask, client: FlaskClient) -> None:
    app.config.update(MAX_CONTENT_LENGTH=100, WTF_CSRF_ENABLED=False)

    sizes = [client.post("/trouble/echo", data={"x": "米" * size}) for size in (3, 100)]

    assert [(each.status_code, "内容太大" in each.text) for each in sizes] == [(200, False), (413, True)]


def test_a_form_without_its_token_is_told_to_reload(client: FlaskClient) -> None:
    answer = client.post("/trouble/echo", data={"x": "1"})

    assert (answer.status_code, "页面已过期" in answer.text) == (400, True)


def _calls(folder: str) -> Iterator[ast.Call]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield node


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts that an expression may be: itself, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield str(node.values[0].value)


def _first_words(folder: str, *names: str) -> Iterator[str]:
    for node in _calls(folder):
        if _called(node) in names and node.args and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)


def _codes_of(folder: str) -> Iterator[str]:
    """Yield the code of each `Problem(where, code)`, `wrong(code)`, `row.wrong(column, code)` and so on."""
    at = {
        "Problem": (1,),
        "wrong": (0, 1),
        "_wrong": (0, 1),
        "ValidationError": (0,),
        "_not": (0,),
        "pattern": (1,),
    }
    for node in _calls(folder):
        for position in at.get(_called(node), ()):
            texts = _texts(node.args[position]) if position < len(node.args) else ()
            yield from (text.split(":")[0] for text in texts if _is_code(text.split(":")[0], node))


def _is_code(text: str, node: ast.Call) -> bool:
    # `row.wrong("until", "cell-…")` names its column first.
    is_column = _called(node) == "wrong" and len(node.args) > 1 and text in _texts(node.args[0])
    return bool(text) and text.replace("-", "").isalpha() and text.islower() and not is_column


def _fact_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[0], ast.Constant):
            name = node.elts[0].value
            if isinstance(name, str) and name.isidentifier() and not isinstance(node.elts[1], ast.Constant):
                yield name
