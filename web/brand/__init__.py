"""The room of marks: for owners, holders of licences, and the offices that answer for them.

room       the tree, one mark with its licences and its season, and its statistics as a file
filings    what is recorded there: marks, licences, use, bases, rights, honours, stories
"""

from web.brand import filings
from web.brand.room import blueprint

__all__ = ["blueprint", "filings"]
