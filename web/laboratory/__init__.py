"""The laboratory's rooms: which samples wait, what a test found, and what it was found with.

room         the desk: samples that wait, re-tests that were ordered, my own test records
inspecting   one test of one lot, its results and its report
sampling     a sample is taken; the sampled party is told of a result
"""

from web.laboratory import inspecting, sampling
from web.laboratory.room import blueprint

__all__ = ["blueprint", "inspecting", "sampling"]
