"""What commands that can reckon from a copy of a log share: where it lies, and whom to believe of it."""

from pathlib import Path

import click

from web.commands.terminal import Option, View, policy_option, wrong_usage
from web.language import N_


def of_copy(view: View) -> View:
    """Give a command the options --mirror and --policy, for which `only_together` asks."""
    with_policy = policy_option(N_("与 --mirror 同用：相信谁的签名（jizihao policy 的输出）。"))(view)
    return click.option(
        "--mirror",
        "place",
        cls=Option,
        metavar="DIR|URL",
        help=N_("从一份副本计算：jizihao mirror 或 publish 写成的文件夹，或账本的网址（…/log）。"),
    )(with_policy)


def only_together(place: str | None, policy_file: Path | None) -> None:
    """Raise wrong usage unless both are given or neither: a copy cannot say itself whom to believe."""
    if (place is None) != (policy_file is None):
        raise wrong_usage(N_("--mirror 和 --policy 要一起用：副本自己不能证明该相信谁。"))
