"""What a label of a lot says, put together from what is recorded; `qr.label` draws it.

    run = labels.of(services, reader, lot)                 the words that all packs of a lot share
    run.label(index, pack, packed_on)                      one pack's label, with its serial
    run.labels(first, count, pack, packed_on)              a run of them
    of_roll(services, reader, roll, party, product)(index) a blank code, printed before its goods

A label claims no more than the log: a lot with untraced goods behind it bears no origin. Labels are printed
in Chinese, whatever the reader's language.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from qr import code, symbol
from qr.label import CERTIFICATE_TITLE, Certificate, Label, is_sample
from qr.short import short_code
from traceability import certificates, holdings, own_records, tables
from traceability.errors import Unknown
from traceability.events.followup import told_by
from traceability.events.quality import CertificateIssued
from traceability.holdings import Lot
from traceability.quantity import Amount
from traceability.reading import Reader
from traceability.vocabulary import divisions
from web.database import Services
from web.facts import format_fact
from web.words import word

PROMISE = (
    "我承诺对生产经营的农产品质量安全负责：",
    "未使用禁用农药、兽药及其他化合物；使用的常规农药、兽药残留不超标。",
)
"""The producer's promise of the 承诺达标合格证, in the words of its form (from a secondary source)."""

BUYERS_PROMISE = (
    "我承诺对收购的农产品质量安全负责：",
    "已按规定收取并保存该批次农产品承诺达标合格证或者其他质量安全合格证明；未违规使用保鲜剂、防腐剂、添加剂等。",
)
"""The promise of whoever bought and sells on, or mixed; from the same source."""


@dataclass(frozen=True, slots=True)
class Run:
    """What all labels of one lot share."""

    lot: Lot
    address: str
    product: str
    producer: str
    origin: str
    policy_digest16: str
    sample: bool
    serial_key: bytes
    extra: tuple[str, ...]

    def label(self, index: int | None, pack: Decimal | None, packed_on: date | None) -> Label:
        """Return the label of pack *index*, or of the lot as a whole where there is none."""
        serial = None if index is None else code.serial(self.serial_key, self.lot.lot, index)
        return Label(
            url=self.address if serial is None else self._pack(serial),
            product=self.product,
            producer=self.producer,
            origin=self.origin,
            lot=format_fact("lot", self.lot.lot, "zh"),
            packed_on=packed_on,
            net="" if pack is None else _amount(self.lot, self.lot.of(pack)),
            short=short_code(self.lot.lot),
            policy_digest16=self.policy_digest16,
            sample=self.sample,
            serial=serial,
            extra=self.extra,
        )

    def _pack(self, serial: str) -> str:
        # A pack under a GTIN is named by GS1's application identifier 21, one of ours by a further part.
        return f"{self.address}/{serial}" if self.lot.lot.startswith("/") else f"{self.address}/21/{serial}"

    def labels(self, first: int, count: int, pack: Decimal | None, packed_on: date | None) -> Iterator[Label]:
        """Yield the labels of packs *first* to *first + count - 1*."""
        return (self.label(index, pack, packed_on) for index in range(first, first + count))


def of(services: Services, reader: Reader, lot: str) -> Run:
    """Return what the labels of *lot* share, or raise `Unknown`."""
    table = tables.lot
    row = reader.connection.execute(tables.standing(table, table.c.lot == lot).limit(1)).first()
    if row is None:
        raise Unknown("lot", lot)
    held = holdings.lot(reader, row.maker, lot)
    certificate = _certificate(reader, lot)
    return Run(
        lot=held,
        address=address(services, lot),
        product=lot_name(held),
        producer=holdings.party_name(reader, services.sealed, row.maker) or row.maker,
        origin=origin(reader, held),
        policy_digest16=services.policy.digest().hex()[:16],
        sample=is_sample(services.base_url),
        serial_key=services.settings.serial_key,
        extra=() if certificate is None else _certified(certificate),
    )


def of_roll(
    services: Services, reader: Reader, roll: str, party: str, product: str
) -> Callable[[int], Label]:
    """Return what draws the label of a blank code of *roll*: what it will stand on nobody knows yet."""
    names = {each.product: each.name for each in holdings.products(reader, party)}
    producer = holdings.party_name(reader, services.sealed, party) or party

    def label(index: int) -> Label:
        serial = code.serial(services.settings.serial_key, roll, index)
        pack = f"/{serial}" if roll.startswith("/") else f"/21/{serial}"
        return Label(
            url=address(services, roll) + pack,
            product=names.get(product, product),
            producer=producer,
            origin="",
            lot=format_fact("lot", roll, "zh"),
            packed_on=None,
            net="",
            short=short_code(roll),
            policy_digest16=services.policy.digest().hex()[:16],
            sample=is_sample(services.base_url),
            serial=serial,
        )

    return label


def address(services: Services, lot: str) -> str:
    """Return where a lot's page is found, under our own address for GS1's numbers as well."""
    return services.base_url + lot.removeprefix("https://id.gs1.org")


def lot_name(lot: Lot) -> str:
    """Return what the product of a lot is called in Chinese."""
    return lot.goods.name if lot.goods is not None else format_fact("lot", lot.lot, "zh")


def origin(reader: Reader, lot: Lot) -> str:
    """Return where the lot grew, in words for a label; nothing where part of it is not traced."""
    if lot.known.untraced:
        return ""
    return "、".join(place(each) for each in holdings.counties(reader, lot.lot))


def place(division: str) -> str:
    """Return the full Chinese name of a division: 吉林省长春市榆树市."""
    known, names = divisions(), []
    here = known.get(division)
    while here is not None:
        names.append(here.name_zh)
        here = known.get(here.parent or "")
    return "".join(reversed(names)) or division


def _amount(lot: Lot, amount: Amount) -> str:
    return format_fact("amount", amount, "zh", unit=lot.unit)


def _certificate(reader: Reader, lot: str) -> CertificateIssued | None:
    found = holdings.certificates(reader, lot)
    return _issued(reader, found[0]) if found else None


def _issued(reader: Reader, index: int) -> CertificateIssued:
    event = reader.statement(index).event
    return cast(CertificateIssued, told_by(event))


def _certified(certificate: CertificateIssued) -> tuple[str, ...]:
    basis = word("basis", certificate.basis, "zh")
    return (CERTIFICATE_TITLE, f"编号 {certificate.number}", f"依据 {basis}", PROMISE[1])


def certificate_slip(services: Services, reader: Reader, lot: str) -> Certificate | None:
    """Return the slip of the newest certificate of *lot* as it is printed, or None where there is none.

    What another one has replaced is not printed any more.
    """
    found = [each for each in certificates.of_lot(reader.connection, lot) if each.superseded_by is None]
    return slip_of(services, reader, found[0].entry) if found else None


def slip_of(services: Services, reader: Reader, entry: int) -> Certificate:
    """Return the slip of the certificate that the entry at *entry* tells of, as it is printed."""
    event = own_records.opened(reader, services.sealed, reader.statement(entry))
    told = cast(CertificateIssued, told_by(event))
    run = of(services, reader, told.lot)
    contact = told.contact if isinstance(told.contact, str) else ""
    rows = (
        ("产品名称", told.name),
        ("数量", _amount(run.lot, told.amount)),
        ("产地", place(told.division)),
        ("开具时间", format_fact("date", told.day, "zh")),
        ("承诺主体", _promiser(reader, entry, run)),
        ("联系方式", contact or ("见包装" if told.contact_on_pack else "")),
        ("承诺依据", word("basis", told.basis, "zh")),
        ("批号", format_fact("lot", told.lot, "zh")),
        ("编号", told.number),
    )
    return Certificate(
        rows=tuple(row for row in rows if row[1]),
        promise=BUYERS_PROMISE if told.promise == "buyer" else PROMISE,
        url=run.address,
        short=short_code(told.lot),
        sample=run.sample,
    )


def _promiser(reader: Reader, entry: int, run: Run) -> str:
    """Return who promises: the author of the certificate, who need not be the maker of the lot."""
    by = reader.statement(entry).by
    return run.producer if by == run.lot.known.maker else holdings.partner(reader, by).name or by


def code_svg(url: str) -> str:
    """Return the picture of the code that leads to *url*."""
    return symbol.svg(url, title=url)
