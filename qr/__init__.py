"""Codes for packs and labels to print: what stands between a bag of rice and its page.

    errors.py     What can be wrong with a code or a label, drawn as one small tree.
    code.py       Serials that nobody can guess, and how many of them a lot may have.
    short.py      Nine symbols that a person types from a pack when no camera is at hand.
    symbol.py     The squares of a QR code: as SVG, PNG, PDF path, or letters for a terminal.
    typeface.py   The one typeface of all print: how wide words are, how they are cut to a place.
    layout.py     Where each word and square of a label or a slip stands, in millimetres.
    pens.py       The same drawing as SVG, PNG or part of a PDF page.
    label.py      A label, a sheet of labels, a certificate slip: the door of this package.

It knows neither food nor Flask: the words on a label are given to it ready to print.
"""
