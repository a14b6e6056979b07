"""What is recorded of marks: each a form made from the class of its event.

/brand/marks/new · /brand/marks/<mark>/retire|assess|grant|season|base
/brand/licences/<licence>/suspend|resume|revoke · /brand/apply
/brand/bases/<base>/test|withdraw · /brand/rights · /brand/honours · /brand/story
"""

from traceability import brand_register
from traceability.events.roles import MAKERS
from web.access import require
from web.brand import offers
from web.brand.room import OFFICES, PEOPLE, blueprint
from web.filing import (
    Ask,
    Filing,
    add_to,
    every_commodity,
    from_address,
    lots_here,
    onward_to,
    own_products,
)
from web.language import N_
from web.services import services

ANSWERING = require(*PEOPLE)
HOLDING = require(*sorted(MAKERS))  # type: ignore[arg-type]  # the set holds roles only
OFFICE = require(*OFFICES)
TESTING = require("laboratory", "regulator")


_HOME = onward_to("brand.index")
_BACK = onward_to("brand.one", "mark")

MARK = Filing(
    kind="mark-registered",
    title=N_("登记品牌"),
    lead=N_("公用背书品牌由监管部门登记；下级品牌不能比上级宽。"),
    asks=(
        Ask(path="mark", hint=N_("小写字母、数字和连字符，例如 jilin-rice。")),
        Ask(path="tier"),
        Ask(path="name"),
        Ask(path="above", options=offers.marks, folded=False),
        Ask(path="commodities", options=every_commodity, widget="several"),
        Ask(path="divisions", widget="lines", hint=N_("行政区划代码，一行一个；220000 是全省。")),
        Ask(path="owner", options=offers.parties, start=lambda _reader, account: account.party, folded=True),
        Ask(path="name_en"),
        Ask(path="gi", options=offers.indications),
        Ask(path="from_bases"),
        Ask(path="season_month"),
        Ask(path="threshold"),
        Ask(path="criteria.*.yardstick"),
        Ask(path="criteria.*.weight"),
        Ask(path="criteria.*.least"),
        Ask(path="trademarks.*.registry"),
        Ask(path="trademarks.*.trademark"),
        Ask(path="trademarks.*.classes"),
    ),
    onward=_HOME,
)
RETIRE = Filing(
    kind="mark-retired",
    title=N_("停用品牌"),
    lead=N_("从今天起，没有产品再使用这个品牌；已经标过的转为历史。"),
    asks=(Ask(path="why"), Ask(path="note")),
    fixed=from_address("mark"),
    may=offers.of_mark,
    onward=_BACK,
)
ASSESS = Filing(
    kind="admission-assessed",
    title=N_("品牌准入评定"),
    lead=N_("按这个品牌的标准评定一个产品；账本自己算出的分数列在上面。"),
    asks=(
        Ask(path="party", options=offers.parties),
        Ask(path="product"),
        Ask(path="scores.*.yardstick"),
        Ask(path="scores.*.percent"),
        Ask(path="scores.*.counted"),
        Ask(path="report", widget="file"),
    ),
    fixed=from_address("mark"),
    about=offers.criteria,
    may=offers.of_mark,
    onward=_BACK,
)
GRANT = Filing(
    kind="licence-granted",
    title=N_("授权使用品牌"),
    lead=N_("授权不能比上级授权更长、更宽，额度按季计算。"),
    asks=(
        Ask(path="licence", hint=N_("小写字母、数字和连字符。")),
        Ask(path="party", options=offers.parties),
        Ask(path="quota_t"),
        Ask(path="since"),
        Ask(path="until"),
        Ask(path="under", options=offers.parent_licences, folded=False),
        Ask(path="products", hint=N_("被授权单位的产品编号，一行一个；不填就是该单位的全部产品。")),
        Ask(path="assessment", hint=N_("准入评定那条记录的摘要。")),
        Ask(path="contract", widget="file"),
    ),
    fixed=from_address("mark"),
    about=offers.criteria,
    may=offers.of_mark,
    onward=_BACK,
)
SEASON = Filing(
    kind="season-basis-set",
    title=N_("核定当季产量依据"),
    lead=N_("面积 × 单产 × 出品率，就是这个品牌在这一季最多能有的产品。"),
    asks=(
        Ask(path="season"),
        Ask(path="commodity", options=every_commodity),
        Ask(path="division", options=offers.areas),
        Ask(path="area_ha"),
        Ask(path="yield_kg_ha"),
        Ask(path="outturn_percent"),
    ),
    fixed=from_address("mark"),
    may=offers.of_mark,
    onward=_BACK,
)
BASE = Filing(
    kind="base-certified",
    title=N_("认定品牌原料生产基地"),
    lead=N_("土壤和产品每年各检测一次；检测不合格就失去资格，直到重新认定。"),
    asks=(
        Ask(path="base", hint=N_("小写字母、数字和连字符。")),
        Ask(path="party", options=offers.parties),
        Ask(path="division", options=offers.areas),
        Ask(path="commodity", options=every_commodity),
        Ask(path="plots"),
        Ask(path="area_ha"),
        Ask(path="capacity_kg"),
        Ask(path="since"),
        Ask(path="until"),
        Ask(path="certificate", widget="file"),
    ),
    fixed=from_address("mark"),
    may=offers.of_mark,
    onward=_BACK,
)


def _of_licence(kind: str, title: str, lead: str) -> Filing:
    return Filing(
        kind=kind,
        title=title,
        lead=lead,
        asks=(Ask(path="why"), Ask(path="note")),
        fixed=from_address("licence"),
        may=offers.of_licence,
        onward=_HOME,
    )


SUSPEND = _of_licence(
    "licence-suspended",
    N_("暂停品牌授权"),
    N_("依它授权的下级同时失效，消费者页面马上转为历史。"),
)
RESUME = _of_licence("licence-resumed", N_("恢复品牌授权"), N_("写明查明了什么。"))
REVOKE = _of_licence("licence-revoked", N_("撤销品牌授权"), N_("撤销之后不能恢复，只能重新授权。"))


APPLY = Filing(
    kind="mark-applied",
    title=N_("使用品牌标识"),
    lead=N_("写明这一批有多少用这个品牌；超过额度、产区之外或授权无效时不能登记。"),
    asks=(
        Ask(path="lot", options=lots_here),
        Ask(path="licence", options=offers.own_licences),
        Ask(path="amount"),
        Ask(path="bases.*.base", options=offers.bases_of_mine),
        Ask(path="bases.*.raw_kg"),
    ),
    fixed=lambda values: {"mark": _mark_of_licence(values.get("licence", ""))},
    onward=_HOME,
)
TEST = Filing(
    kind="base-tested",
    title=N_("登记基地检测"),
    asks=(
        Ask(path="specimen"),
        Ask(path="sampled_on"),
        Ask(path="verdict"),
        Ask(path="report", widget="file"),
    ),
    fixed=from_address("base"),
    may=offers.of_base,
    onward=onward_to("home.index"),
)
WITHDRAW = Filing(
    kind="base-withdrawn",
    title=N_("取消基地资格"),
    asks=(Ask(path="why"), Ask(path="note")),
    fixed=from_address("base"),
    may=offers.of_base,
    onward=_HOME,
)
RIGHT = Filing(
    kind="gi-user-authorised",
    title=N_("核准使用地理标志"),
    asks=(
        Ask(path="gi", options=offers.indications),
        Ask(path="party", options=offers.parties),
        Ask(path="since"),
        Ask(path="until"),
        Ask(path="products"),
        Ask(path="document", widget="file"),
    ),
    onward=_HOME,
)
RIGHT_ENDED = Filing(
    kind="gi-user-withdrawn",
    title=N_("停止使用地理标志"),
    asks=(
        Ask(path="gi", options=offers.indications),
        Ask(path="party", options=offers.parties),
        Ask(path="why"),
        Ask(path="note"),
    ),
    onward=_HOME,
)
HONOUR = Filing(
    kind="credential-recorded",
    title=N_("登记荣誉"),
    lead=N_("老字号写到企业，名牌写到产品；名牌评选已经停止，只作为历史显示。"),
    asks=(
        Ask(path="credential", hint=N_("小写字母、数字和连字符。")),
        Ask(path="honour"),
        Ask(path="party", options=offers.parties),
        Ask(path="authority"),
        Ask(path="year"),
        Ask(path="product", folded=True),
        Ask(path="until"),
        Ask(path="document", widget="file"),
    ),
    onward=_HOME,
)
HONOUR_ENDED = Filing(
    kind="credential-withdrawn",
    title=N_("撤销荣誉"),
    asks=(Ask(path="credential"), Ask(path="why"), Ask(path="note")),
    onward=_HOME,
)
STORY = Filing(
    kind="story-told",
    title=N_("讲述产品故事"),
    lead=N_("消费者页面会把它与已核实的记录分开，注明是本单位自述。请不要写个人信息。"),
    asks=(
        Ask(path="title"),
        Ask(path="text", hint=N_("写成一段，最多 2000 字。")),
        Ask(path="product", options=own_products, folded=False),
        Ask(path="mark", options=offers.own_marks),
        Ask(path="tongue"),
        Ask(path="published", hint=N_("勾选就是同意任何人都能读到。以后可以撤回。")),
    ),
    fixed=lambda values: {} if values.get("published") else {"published": False},
    onward=_HOME,
)


def _mark_of_licence(licence: str) -> str:
    with services().reading() as reader:
        known = brand_register.known_licence(reader.connection, licence)
    return "" if known is None else known.mark


add_to(blueprint, ANSWERING, MARK, path="/marks/new")
add_to(blueprint, ANSWERING, RETIRE, path="/marks/<mark>/retire")
add_to(blueprint, ANSWERING, ASSESS, path="/marks/<mark>/assess")
add_to(blueprint, ANSWERING, GRANT, path="/marks/<mark>/grant")
add_to(blueprint, ANSWERING, SEASON, path="/marks/<mark>/season")
add_to(blueprint, ANSWERING, BASE, path="/marks/<mark>/base")
add_to(blueprint, ANSWERING, SUSPEND, path="/licences/<licence>/suspend")
add_to(blueprint, ANSWERING, RESUME, path="/licences/<licence>/resume")
add_to(blueprint, ANSWERING, REVOKE, path="/licences/<licence>/revoke")
add_to(blueprint, HOLDING, APPLY, path="/apply")
add_to(blueprint, TESTING, TEST, path="/bases/<base>/test")
add_to(blueprint, ANSWERING, WITHDRAW, path="/bases/<base>/withdraw")
add_to(blueprint, OFFICE, RIGHT, path="/rights/new")
add_to(blueprint, OFFICE, RIGHT_ENDED, path="/rights/end")
add_to(blueprint, OFFICE, HONOUR, path="/honours/new")
add_to(blueprint, OFFICE, HONOUR_ENDED, path="/honours/end")
add_to(blueprint, HOLDING, STORY, path="/story")
