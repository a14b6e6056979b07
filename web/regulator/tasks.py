"""Supervision tasks, from province to county: given downwards, done with findings, reported up (督查)."""

from flask import render_template, request, url_for
from sqlalchemy import select

from traceability import own_records, supervision, tables
from traceability.errors import NotAllowed, Unknown
from traceability.reading import Reader
from traceability.scope import covers
from traceability.supervision import Task
from traceability.vocabulary import divisions
from web.access import me
from web.accounts import Account
from web.filing import Ask, Filing, Values, add_to
from web.language import N_, gettext
from web.regulator.cases import today
from web.regulator.room import (
    ONLY_REGULATORS,
    area,
    area_name,
    blueprint,
    division_name,
    parties,
    scope_of,
)
from web.services import services
from web.words import word


@blueprint.get("/tasks")
@ONLY_REGULATORS
def tasks_listed() -> str:
    """Show the tasks that this office was given or gave, and those open below it."""
    with services().reading() as reader:
        own = supervision.tasks_of(reader.connection, me().party)
        known = {each.digest for each in own}
        below = supervision.open_tasks(reader.connection, scope_of(reader).divisions)
        return render_template(
            "regulator/tasks.html",
            area=area_name(),
            mine=[each for each in own if each.office == me().party],
            given=[each for each in own if each.office != me().party],
            below=[each for each in below if each.digest not in known],
            today=today(),
            division_name=division_name,
            parties=parties(reader),
        )


def own_task(reader: Reader, digest: str) -> Task:
    """Return a task that this office gave or was given, or one in its division."""
    found = supervision.task(reader.connection, digest)
    if found is None:
        raise Unknown("task", digest[:16])
    if me().party not in {found.by, found.office} and not covers(area(), found.division):
        raise NotAllowed("other-division", division=area_name())
    return found


@blueprint.get("/tasks/<task>")
@ONLY_REGULATORS
def task(task: str) -> str:
    """Show one task: what is asked, what was found, what came of it."""
    with services().reading() as reader:
        found = own_task(reader, task)
        return render_template(
            "regulator/task.html",
            task=found,
            words=_words(reader, found),
            below=supervision.tasks_below(reader.connection, task),
            today=today(),
            division_name=division_name,
            parties=parties(reader),
            is_ours=found.office == me().party and found.reported is None,
        )


def _words(reader: Reader, found: Task) -> list[tuple[str, str]]:
    """Return the sealed words of the task and of its report, by their names."""
    said = tables.statement
    done = tables.cases.task_report
    reports = reader.connection.execute(
        select(said.c.entry).join(done, done.c.entry == said.c.entry).where(done.c.task == found.digest)
    ).scalars()
    told = []
    for entry in (found.entry, *reports):
        event = own_records.opened(reader, services().sealed, reader.statement(entry))
        for name in ("note", "summary", "proposal"):
            words = getattr(event, name, None)
            if isinstance(words, str):
                told.append((word("field", name), words))
    return told


# What is filed.


def _may(reader: Reader, _account: Account, values: Values) -> None:
    own_task(reader, values["task"])


def _may_give(reader: Reader, _account: Account, values: Values) -> None:
    if values.get("parent_task"):
        own_task(reader, values["parent_task"])


def _offices(reader: Reader, _account: Account) -> list[tuple[str, str]]:
    table, called = tables.party, parties(reader)
    rows = reader.connection.execute(tables.standing(table, table.c.role == "regulator")).all()
    return [
        (row.party, f"{called.called(row.party)}（{division_name(row.division)}）")
        for row in rows
        if covers(area(), row.division)
    ]


def _divisions(_reader: Reader, _account: Account) -> list[tuple[str, str]]:
    return [(code, division_name(code)) for code in divisions() if covers(area(), code)]


def _own_parties(reader: Reader, _account: Account) -> list[tuple[str, str]]:
    called = parties(reader)
    return [(each, called.called(each)) for each in sorted(called.own)]


def _about(reader: Reader, _account: Account, values: Values) -> list[tuple[str, str]]:
    found = own_task(reader, values["task"])
    return [
        (gettext("督查内容"), word("task_topic", found.topic)),
        (gettext("行政区划"), division_name(found.division)),
        (gettext("截止日期"), found.until.isoformat()),
    ]


def _task_page(_digest: str) -> str:
    return url_for("regulator.task", task=(request.view_args or {})["task"])


def _of_task(values: Values) -> dict[str, str]:
    return {"task": values["task"]}


GIVE = Filing(
    kind="task-assigned",
    title=N_("下达督查任务"),
    lead=N_("交给本部门，或辖区内的下级部门；下级可以再往下分。"),
    asks=(
        Ask(path="office", options=_offices),
        Ask(path="division", options=_divisions),
        Ask(path="task_topic"),
        Ask(path="until"),
        Ask(path="parties", options=_own_parties),
        Ask(path="parent_task", widget="hidden"),
        Ask(path="note"),
    ),
    may=_may_give,
    onward=lambda digest: url_for("regulator.task", task=digest),
)

FIND = Filing(
    kind="findings-reported",
    title=N_("登记检查情况"),
    lead=N_("每查一家登记一次；没有问题的也要登记。"),
    asks=(
        Ask(path="party", options=_own_parties),
        Ask(path="findings.*.aspect"),
        Ask(path="findings.*.in_order"),
        Ask(path="findings.*.note"),
    ),
    fixed=_of_task,
    about=_about,
    may=_may,
    onward=_task_page,
)

REPORT = Filing(
    kind="task-reported",
    title=N_("上报督查结果"),
    lead=N_("报告和建议只在监管部门之间看，账本里只有摘要。"),
    asks=(Ask(path="summary", widget="long"), Ask(path="proposal", widget="long")),
    fixed=_of_task,
    about=_about,
    may=_may,
    onward=_task_page,
)

add_to(blueprint, ONLY_REGULATORS, GIVE, path="/tasks/new")
add_to(blueprint, ONLY_REGULATORS, FIND, path="/tasks/<task>/findings")
add_to(blueprint, ONLY_REGULATORS, REPORT, path="/tasks/<task>/report")
