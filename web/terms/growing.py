"""What plots, protocols, a day's work and the age of a crop are called."""

from collections.abc import Mapping

KINDS: Mapping[str, tuple[str, str]] = {
    "protocol-adopted": ("采用技术规程", "protocol adopted"),
    "field-worked": ("田间作业", "field work"),
}

FIELDS: Mapping[str, tuple[str, str]] = {
    "cultivation": ("栽培方式", "cultivation"),
    "gi": ("地理标志", "geographical indication"),
    "high_standard": ("高标准农田", "high-standard farmland"),
    "high_standard_number": ("高标准农田编号", "number of the high-standard farmland"),
    "protocol": ("技术规程", "protocol"),
    "sold_as": ("用途", "grown for"),
    "usual": ("通常最多", "usual at most"),
    "work": ("作业", "work"),
    "years": ("年数", "years"),
}

RULES: Mapping[str, tuple[str, str]] = {
    "age-unknown": ("不知道参龄", "age of the plants unknown"),
    "forest-ginseng-as-food": ("林下参作普通食品", "forest ginseng sold as ordinary food"),
    "outside-the-area": ("不在地理标志保护范围内", "outside the area of the geographical indication"),
    "protocol-of-another-crop": ("技术规程不是这种作物的", "protocol of another crop"),
    "too-old-for-food": ("作普通食品参龄过长", "too old for ordinary food"),
    "too-young": ("参龄不足", "too young"),
    "unknown-indication": ("没有这个地理标志", "unknown geographical indication"),
    "unknown-protocol": ("没有这个技术规程", "unknown protocol"),
    "yield-high": ("亩产高于通常", "yield above the usual"),
}

VOCABULARIES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "commodity": {"sorghum": ("高粱", "sorghum")},
    "completeness": {
        "traced": ("来源都可追溯", "nothing is untraced"),
        "plot": ("都来自登记的地块", "every part grew on a registered plot"),
        "work": ("农事有记录", "the season’s work is told"),
        "protocol": ("按技术规程做全", "a protocol was followed, no step missing"),
        "harvest": ("采收有记录", "every harvest is told"),
        "process": ("加工工序记全", "every step of making is told"),
        "handover": ("交接都有对方确认", "every delivery was confirmed"),
        "test": ("这一批有检测", "this very lot was tested"),
        "pack": ("每包有码", "its packs bear codes"),
    },
    "cultivation": {"garden": ("园参", "garden ginseng"), "forest": ("林下参", "forest ginseng")},
    "high_standard": {"true": ("是", "yes"), "false": ("否", "no")},
    "protocol": {
        "rice-jilin": ("水稻种植技术规程", "rice growing"),
        "maize-jilin": ("玉米种植技术规程", "maize growing"),
        "fresh-maize-jilin": ("鲜食玉米种植技术规程", "fresh maize growing"),
        "soybean-jilin": ("大豆种植技术规程", "soybean growing"),
        "ginseng-garden": ("园参采收年度技术规程", "garden ginseng, year of the harvest"),
        "black-fungus-shed": ("黑木耳栽培技术规程", "black fungus in bags"),
    },
    "sold_as": {"food": ("普通食品", "ordinary food"), "medicine": ("药材", "medicine")},
    "work": {
        "ploughing": ("整地", "ploughing"),
        "soaking-seed": ("浸种", "soaking seed"),
        "raising-seedlings": ("育苗", "raising seedlings"),
        "transplanting": ("插秧、移栽", "transplanting"),
        "sowing": ("播种", "sowing"),
        "isolating": ("隔离种植", "keeping apart from other maize"),
        "irrigating": ("灌水", "irrigating"),
        "draining": ("排水晒田", "draining the field"),
        "weeding": ("除草", "weeding"),
        "thinning": ("间苗定苗", "thinning"),
        "shading": ("搭棚遮阴", "shading"),
        "mulching": ("覆盖", "mulching"),
        "scouting": ("巡查病虫", "scouting for pests"),
        "making-bags": ("制菌袋", "making bags"),
        "inoculating": ("接种", "inoculating"),
        "incubating": ("养菌", "incubating"),
        "opening-bags": ("开口出耳", "opening the bags"),
        "watering": ("喷水", "watering"),
        "sun-drying": ("晾晒", "drying in the sun"),
    },
}
