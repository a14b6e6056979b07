"""A verifier for others to host: `jizihao verifier DIR` writes a page with a policy of its own."""

from pathlib import Path

import click

from ledger.policy import Policy
from web import verifier
from web.commands.terminal import Command, Option, instance, opened, say
from web.language import N_, gettext


@click.command(
    "verifier",
    cls=Command,
    help=N_(
        "把独立核验页写进一个文件夹，任何静态网站都能提供它。\n\n"
        "核验页只相信写入时的策略。要由别人来核验您的账本，请他们从自己信任的文件给出 --policy。"
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--policy",
    "chosen",
    cls=Option,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help=N_("核验页相信谁（默认：本账本自己的策略）。给出它就不需要账本。"),
)
@instance
def verifier_(folder: Path, chosen: Path | None) -> None:
    """Write the page with the chosen policy pinned."""
    policy, home = _own() if chosen is None else (Policy.parse(chosen.read_bytes()), "")
    verifier.write(folder, policy, home=home)
    click.echo(str(folder / "index.html"))
    say(gettext(N_("策略指纹：%(digest)s"), digest=policy.digest().hex()[:16]))
    if chosen is None:
        say(gettext(N_("策略取自这个账本本身：由别人提供、并由他们自己给出策略的核验页，才是独立的。")))


def _own() -> tuple[Policy, str]:
    with opened() as services:
        return services.policy, services.base_url


COMMANDS = (verifier_,)
