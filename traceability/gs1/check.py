"""Check digits, check characters and country codes: what tells a mistyped code from a right one.

6 9 0 1 2 3 4 5 6 0 0 1 [5]     weights 3 and 1 in turn from the right; the sum with [5] ends in 0
"""

import re
from itertools import islice

_CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_CSET32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)

# ISO 3166-1 numeric.
_COUNTRIES = frozenset(
    re.findall(
        "[0-9]{3}",
        """
004 008 010 012 016 020 024 028 031 032 036 040 044 048 050 051 052 056 060 064 068 070 072 074 076 084
086 090 092 096 100 104 108 112 116 120 124 132 136 140 144 148 152 156 158 162 166 170 174 175 178 180
184 188 191 192 196 203 204 208 212 214 218 222 226 231 232 233 234 238 239 242 246 248 250 254 258 260
262 266 268 270 275 276 288 292 296 300 304 308 312 316 320 324 328 332 334 336 340 344 348 352 356 360
364 368 372 376 380 384 388 392 398 400 404 408 410 414 417 418 422 426 428 430 434 438 440 442 446 450
454 458 462 466 470 474 478 480 484 492 496 498 499 500 504 508 512 516 520 524 528 531 533 534 535 540
548 554 558 562 566 570 574 578 580 581 583 584 585 586 591 598 600 604 608 612 616 620 624 626 630 634
638 642 643 646 652 654 659 660 662 663 666 670 674 678 682 686 688 690 694 702 703 704 705 706 710 716
724 728 729 732 740 744 748 752 756 760 762 764 768 772 776 780 784 788 792 795 796 798 800 804 807 818
826 831 832 833 834 840 850 854 858 860 862 876 882 887 894
""",
    )
)


def check_digit(digits: str) -> str:
    """Return the digit that completes *digits* (General Specifications 7.9)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def check_digit_holds(digits: str) -> bool:
    """Tell whether the last of *digits* is the right check digit of the others."""
    return digits.isascii() and digits.isdigit() and check_digit(digits[:-1]) == digits[-1]


def alphanumeric_pair(text: str) -> str:
    """Return the two check characters that complete *text* (General Specifications 7.9.5, for GMNs)."""
    weighted = zip(reversed(text), islice(_PRIMES, len(text)), strict=True)
    total = sum(_CSET82.index(character) * prime for character, prime in weighted) % 1021
    return _CSET32[total >> 5] + _CSET32[total & 31]


def alphanumeric_pair_holds(text: str) -> bool:
    """Tell whether the last two characters of *text* are the right check pair of the others."""
    return 2 < len(text) <= 25 and alphanumeric_pair(text[:-2]) == text[-2:]


def is_country(code: str) -> bool:
    """Tell whether *code* is a country in ISO 3166-1 numeric."""
    return code in _COUNTRIES


def is_country_or_many(code: str) -> bool:
    """Tell whether *code* is a country, or 999 for several."""
    return code == "999" or is_country(code)
