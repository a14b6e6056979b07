"""What is said whatever the topic: what is not found or not allowed, the ledger, its setup, and titles."""

from collections.abc import Mapping

from web.language import N_

UNKNOWN: Mapping[str, str] = {
    "draw": N_("第 %(name)s 条不是抽查的公告或结果。"),
    "container": N_("没有找到这个箱号：%(name)s。请核对后再输入。"),
    "entry": N_("账本里没有第 %(name)s 条。"),
    "key": N_("没有找到这个密钥：%(name)s。"),
    "lot": N_("没有找到这个批号：%(name)s。请照包装上的文字再核对一遍；若确实无误，请向卖家或监管部门反映。"),
    "member": N_("没有找到这位社员：%(name)s。请先登记社员。"),
    "party": N_("没有找到这个单位：%(name)s。请先登记单位。"),
    "place": N_("没有找到这个地点：%(name)s。"),
    "plot": N_("没有找到这个地块：%(name)s。请先登记地块。"),
    "product": N_("没有找到这个产品：%(name)s。请先登记产品。"),
    "statement": N_("没有找到这条记录：%(name)s。"),
    "case": N_("没有找到这个案件：%(name)s。"),
    "hold": N_("没有找到这条暂停：%(name)s。"),
    "recall": N_("没有找到这次召回：%(name)s。"),
    "report": N_("没有找到这份举报。请核对编号；编号只在举报时显示一次。"),
    "task": N_("没有找到这项任务：%(name)s。"),
}

CODES: Mapping[str, str] = {
    "code-error": N_("这个追溯码不能使用。"),
    "code-mistyped": N_("追溯码输错了一位。请照标签再输入一遍。"),
    "label-unprintable": N_("这张标签印出来不能扫读，没有生成。请改用更大的版式。"),
    "packs-not-possible": N_("按这个每包装量算不出包数。请核对批次数量和每包装量。"),
    "serial-not-issued": N_("这个追溯码没有发放过。请照包装核对；若确实无误，可能是假冒，请向监管部门反映。"),
}

NOT_ALLOWED: Mapping[str, str] = {
    "other-record": N_("这不是本单位信用档案里的记录，不能对它提出异议。"),
    "key-change-begun": N_("账本的密钥正在更换中。请先执行 jizihao key rotate-log --finish。"),
    "key-change-not-begun": N_("没有正在进行的更换。请先执行 jizihao key rotate-log --begin。"),
    "key-change-running": N_("另一个进程正在更换密钥。请等它结束再试。"),
    "key-change-unseen": N_(
        "还没有足够的见证方见过这次更换，信任旧密钥的人还不能跟到新密钥。请让服务器运行，"
        "等见证方签名后再结束；若不再等待，加 --without-witnesses。"
    ),
    "key-file-differs": N_("密钥文件与账本里登记的密钥不一致。请放回正确的密钥文件。"),
    "key-own-custody": N_(
        "%(party)s 自己保管密钥，平台不能代它更换。请由它用 jizihao sign --old-key 签名申请。"
    ),
    "log-already-open": N_("账本已经开立。"),
    "log-not-open": N_("账本还没有开立。请先执行 jizihao init。"),
    "no-platform-key": N_("%(party)s 没有由平台保管的有效密钥，不能在网页上登记。请联系平台运营方。"),
    "not-your-statement": N_("这次测量由 %(by)s 登记，只有它自己能登记纠偏措施。"),
    "other-division": N_("这不在您的辖区之内。您只能查看和登记辖区内（%(division)s）的单位和批次。"),
    "other-party": N_("这是别的单位的内容。您只能查看和登记本单位的内容。"),
    "register-state": N_("%(party)s 现在不能这样办。请先看它的登记经过。"),
    "registrar-key": N_("这是为别人作保的密钥，不能在这里吊销。"),
    "same-division": N_("不能登记同一辖区（%(division)s）的监管部门。请由上一级监管部门或平台运营方登记。"),
    "role": N_("您的单位类型（%(role)s）不能使用这一页。如需使用，请联系平台运营方。"),
}

LEDGER: Mapping[str, tuple[int, str]] = {
    "Malformed": (422, N_("内容的格式不符合账本的规定，没有写入。")),
    "NotProven": (422, N_("证明或签名不成立，没有写入。")),
    "Conflict": (409, N_("账本刚刚被别的登记推进，请再提交一次。")),
    "Busy": (429, N_("等待写入的登记太多，这次没有写入。请稍等几秒，再提交一次；填好的内容不会丢。")),
    "Unreachable": (
        503,
        N_("数据库暂时没有应答。请稍后再提交一次；若这次已经写入，不会重复登记。"),
    ),
    "KeysChanged": (
        503,
        N_("账本的密钥已经更换，这个进程还在用旧的，已停止写入。请放好新的密钥文件，重新启动服务器。"),
    ),
    "Unsafe": (503, N_("账本与它先前的承诺不一致，已停止写入。请联系平台运营方，并保留您手中的检查点。")),
}

NOT_SET_UP: Mapping[str, str] = {
    "exists": N_("文件夹 %(value)s 里已有账本，没有改动它。请换一个文件夹，或直接使用它。"),
    "exposed": N_("密钥文件 %(setting)s 的权限是 %(value)s，别人也能读。请执行 chmod 600 后再试。"),
    "locked": N_("打不开密钥文件 %(value)s：口令或密钥不对。请核对 %(setting)s。"),
    "malformed": N_("设置 %(setting)s 的值不正确：%(value)s"),
    "missing": N_("缺少 %(setting)s。请从备份恢复；密钥不能重新生成后继续使用原账本。"),
    "no-instance": N_("文件夹 %(value)s 里还没有账本。请先执行 jizihao init。"),
}

PAGES: Mapping[int, tuple[str, str]] = {
    400: (N_("请求不完整"), N_("浏览器发来的内容不完整。请返回上一页，刷新后再试。")),
    401: (N_("请先登录"), N_("登录后才能继续。")),
    403: (N_("没有权限"), N_("这一页不向您的账号开放。")),
    404: (N_("没有找到"), N_("这个地址没有内容。请核对包装上的追溯码，或从首页重新输入。")),
    405: (N_("不支持的操作"), N_("这个地址不接受这种操作。请从首页进入。")),
    406: (N_("没有这种格式"), N_("这个地址不提供所要的格式。")),
    409: (N_("与已有内容冲突"), N_("内容与已经登记的不一致，没有写入。")),
    410: (N_("已不存在"), N_("这项内容已经不再提供。")),
    413: (N_("内容太大"), N_("上传的内容太大，没有接收。请把文件分成几份再传。")),
    415: (N_("不支持的格式"), N_("不能读取这种格式的内容。")),
    422: (N_("内容有误"), N_("没有写入任何内容。请按下面的提示改正后再提交。")),
    429: (N_("操作太频繁"), N_("请稍等几分钟再试。")),
    500: (N_("系统出错"), N_("系统没有处理好这次请求，没有写入任何内容。请稍后再试。")),
    503: (N_("暂时不能使用"), N_("系统正在恢复，请稍后再试。")),
}

TITLES: Mapping[str, str] = {
    "invalid": N_("内容有误"),
    "refused": N_("不符合规定，没有登记"),
    "unknown": N_("没有找到"),
    "not-allowed": N_("没有权限"),
    "repeated": N_("同一编号的内容不同"),
    "trace-error": N_("内容有误"),
    "ledger": N_("账本没有接受"),
    "code": N_("追溯码不能使用"),
    "expired": N_("页面已过期"),
    "not-set-up": N_("账本没有准备好"),
}

OTHERWISE = N_("「%(field)s」不正确（%(code)s）。请改正后再提交。")
RULE_OTHERWISE = N_("违反规则「%(rule)s」（依据：%(clause)s）。%(facts)s")
UNKNOWN_OTHERWISE = N_("没有找到：%(name)s。")
NOT_ALLOWED_OTHERWISE = N_("您的账号不能这样做（%(reason)s）。")
REPEATED = N_("编号 %(statement_id)s 已经登记过别的内容。请用新的编号再提交。")
REFUSED_WAY_OUT = N_("没有写入任何内容。请看下面的原因；若登记有误，请改正后再提交。")
EXPIRED = N_("为了安全，表单过一段时间会失效。请返回上一页，刷新后再提交一次。")
