"""Points of the curve of Ed25519, for the one question our signature library leaves open: is a key sound?

    -x² + y² = 1 + d·x²·y²   over the integers modulo p = 2^255 - 19                   RFC 8032, section 5.1

The points form a group of 8·L elements, L prime. A sound key lies in the part of prime order L. A key of
small order lets one signature fit any message, and a key with a part of order 8 is judged differently by
different verifiers. Nothing here is secret, so nothing need run in constant time. Nothing is signed here.
"""

from dataclasses import dataclass

from ledger.errors import Malformed

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
_ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A point in extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z."""

    x: int
    y: int
    z: int
    t: int

    @classmethod
    def affine(cls, x: int, y: int) -> "Point":
        """Return the point at *x*, *y*."""
        return cls(x, y, 1, x * y % P)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Point):
            return NotImplemented
        return (self.x * other.z - other.x * self.z) % P == 0 == (self.y * other.z - other.y * self.z) % P

    def __hash__(self) -> int:
        return hash(self.encoded())

    def __add__(self, other: "Point") -> "Point":
        """Add by the complete formulas of RFC 8032, section 5.1.4: they hold for any two points."""
        a = (self.y - self.x) * (other.y - other.x) % P
        b = (self.y + self.x) * (other.y + other.x) % P
        c = 2 * self.t * other.t * D % P
        d = 2 * self.z * other.z % P
        e, f, g, h = b - a, d - c, d + c, b + a
        return Point(e * f % P, g * h % P, f * g % P, e * h % P)

    def __rmul__(self, times: int) -> "Point":
        """Add the point to itself, by doubling."""
        total, doubled = NEUTRAL, self
        while times:
            if times & 1:
                total += doubled
            doubled += doubled
            times >>= 1
        return total

    def encoded(self) -> bytes:
        """Write y in 255 bits and the lowest bit of x above it, RFC 8032 section 5.1.2."""
        inverse = pow(self.z, -1, P)
        x, y = self.x * inverse % P, self.y * inverse % P
        return (y | (x & 1) << 255).to_bytes(32, "little")

    @classmethod
    def decoded(cls, encoded: bytes) -> "Point":
        """Read what `encoded` wrote, or raise `Malformed`; RFC 8032 section 5.1.3."""
        if len(encoded) != 32:
            raise Malformed("a point is 32 bytes")
        number = int.from_bytes(encoded, "little")
        sign, y = number >> 255, number & (1 << 255) - 1
        # A few points have a second spelling, with y ≥ p; it would make two keys of one.
        if y >= P:
            raise Malformed("not the one spelling of a point")
        return cls.affine(_x_of(y, sign), y)


def _x_of(y: int, sign: int) -> int:
    """Solve the curve's equation for the x that has *sign* as its lowest bit."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * _ROOT_OF_MINUS_ONE % P
    if x * x % P != square:
        raise Malformed("not a point of the curve")
    if x == 0 and sign:
        raise Malformed("not the one spelling of a point")
    return x if x & 1 == sign else P - x


NEUTRAL = Point.affine(0, 1)
BASE = Point.affine(_x_of(4 * pow(5, -1, P) % P, 0), 4 * pow(5, -1, P) % P)


def check_prime_order(encoded: bytes) -> None:
    """Raise `Malformed` unless *encoded* is the one spelling of a point of prime order."""
    point = Point.decoded(encoded)
    if 8 * point == NEUTRAL:
        raise Malformed("the key is of small order: one signature would fit any message")
    if L * point != NEUTRAL:
        raise Malformed("the key is not of prime order")
