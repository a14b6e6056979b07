"""The carrier's room: what it takes over and sets down, and how cold the goods were on the way.

room           journeys, taking over, setting down
temperatures   a logger's file, as readings or as a digest with what stood out
"""

from web.carrier import temperatures
from web.carrier.room import blueprint

__all__ = ["blueprint", "temperatures"]
