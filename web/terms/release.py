"""What the life of pack codes is called: blank, asleep, active, sold, called back, and how often scanned."""

from collections.abc import Mapping

KINDS: Mapping[str, tuple[str, str]] = {
    "codes-prepared": ("先印空白追溯码", "blank codes printed"),
    "codes-activated": ("启用追溯码", "pack codes activated"),
    "codes-sold": ("售出追溯码", "pack codes sold"),
    "codes-recalled": ("召回部分追溯码", "some pack codes recalled"),
    "scans-counted": ("公布当日查询次数", "scans of a day counted"),
}

FIELDS: Mapping[str, tuple[str, str]] = {
    "asleep": ("发码后先不启用", "not active until activated"),
    "codes_scanned": ("被查询的码数", "codes scanned"),
    "lots_scanned": ("被查询的批次数", "lots scanned"),
    "roll": ("空白码卷号", "roll of blank codes"),
    "roll_first": ("卷内起始序号", "first index on the roll"),
    "scans": ("查询次数", "scans"),
}

RULES: Mapping[str, tuple[str, str]] = {
    "activation-required": ("须先不启用", "must be issued not active"),
    "codes-active-already": ("追溯码已启用", "codes active already"),
    "codes-bound-already": ("空白码已用过", "blank codes used already"),
    "codes-not-active": ("追溯码尚未启用", "codes not active"),
    "codes-not-printed": ("空白码没有印过", "blank codes not printed"),
    "codes-recalled": ("追溯码已召回", "codes recalled"),
    "codes-recalled-already": ("追溯码已经召回过", "codes recalled already"),
    "codes-sold-already": ("追溯码已售出", "codes sold already"),
    "ground-not-enough": ("启用依据不够", "ground not enough"),
    "no-certificate": ("缺少承诺达标合格证", "no conformity certificate"),
    "no-passed-test": ("没有合格的检测", "no passed test"),
    "no-second-party": ("不是第二方", "no second party"),
    "not-the-office": ("不是所在地监管部门", "not the office of the division"),
    "number-of-a-roll": ("批号是空白码卷号", "number of a roll"),
    "roll-of-other-goods": ("空白码卷不符", "roll of other goods"),
    "scans-counted-already": ("当日查询次数已公布", "scans counted already"),
    "scans-not-over": ("这一天还没有过完", "day not over"),
}

VOCABULARIES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "asleep": {"true": ("是", "yes"), "false": ("否", "no")},
    "ground": {
        "tested": ("本批检测合格", "a passed test of this lot"),
        "checked": ("监管部门核查", "checked by an office"),
        "witnessed": ("第二方见证", "witnessed by a second party"),
    },
    "lapse": {
        "withdrawn": ("启用所依据的检测已被撤回", "the test that it rested on was withdrawn"),
        "turned": ("启用所依据的检测已改判为不合格", "the test that it rested on was found not conformant"),
    },
    "sign": {
        "scans-in-a-day": ("一天内查询太多", "too many scans in a day"),
        "scans-in-all": ("查询总数太多", "too many scans in all"),
        "days-between": ("首次与末次查询相隔太久", "first and last scan too far apart"),
        "km-per-hour": ("两地扫码时间太近（公里/小时）", "scanned in two places too soon (km/h)"),
        "trade-places": ("在太多单位出现", "seen by too many traders"),
    },
    "code_state": {
        "blank": ("已印未用", "printed, not used yet"),
        "asleep": ("尚未启用", "not yet activated"),
        "lapsed": ("启用已失效", "activation lapsed"),
        "active": ("已启用", "active"),
        "sold": ("已售出", "sold"),
        "recalled": ("已召回", "recalled"),
        "void": ("已作废", "void"),
        "not-issued": ("没有发放过", "not issued"),
    },
}
