"""Where pages are served: the host and port that somebody names, and the address for others to open."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

import click

from web.commands.terminal import Option, wrong_usage
from web.language import N_

LOOPBACK = "127.0.0.1"

host = click.option(
    "--host",
    cls=Option,
    default=LOOPBACK,
    metavar="HOST",
    help=N_("在哪个地址上提供网页（默认 127.0.0.1，只有本机能打开；0.0.0.0 是所有网卡）。"),
)
port = click.option(
    "--port", cls=Option, default=8000, type=click.IntRange(0, 65535), help=N_("端口（默认 8000）。")
)


@contextmanager
def at(host: str, port: int) -> Iterator[socket.socket]:
    """Hold *port* of *host*, or say that it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise wrong_usage(
                N_("不能使用 %(host)s 的 %(port)s 端口：%(reason)s。请用 --port 换一个。"),
                host=host,
                port=port,
                reason=error.strerror or error,
            ) from None
        yield listener


def address_of(listener: socket.socket) -> str:
    """Return the address at which *listener* answers on this machine."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can open *host*."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def reachable(host: str) -> str:
    """Return the address that others can open: that of the local network where every card is listened on."""
    if host not in {"0.0.0.0", "::", ""}:  # noqa: S104 -- compared with, not bound to
        return f"[{host}]" if ":" in host else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: a datagram socket only chooses the card that leads outside (RFC 5737 address).
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return LOOPBACK
