"""The trader's papers: outsiders, how goods are kept, listings, exports, and how long records are kept.

room       the home of the room
papers     outsiders, storage ranges and shelf lives, listings, exports
accounts   purchases and sales as the law asks for them (食品安全法 art. 50-51)
store      the temperatures of goods in stock
keeping    one's own records, until when each is kept, and values that wait to be erased
"""

from web.trade import accounts, keeping, papers, store
from web.trade.room import blueprint

__all__ = ["accounts", "blueprint", "keeping", "papers", "store"]
