"""Tokens of a file in the text that they were cut from."""


def placed(text, tokens):
    """Where each token stands; fails where more than blanks and marks without width lies between two."""
    at, places = 0, []
    for token in tokens:
        # Blanks inside a token are written as one that does not break.
        same = lambda start: len(text) >= start + len(token) and all(
            one == other or (other == "\u00a0" and one.isspace()) for one, other in zip(text[start:], token))
        start = at
        while start < len(text) and not same(start):
            assert not text[start].isalnum(), f"{token!r} is not at {at}: {text[at:at + 20]!r}"
            start += 1
        assert start < len(text), f"{token!r} is not after {at}"
        at = start + len(token)
        places.append((start, at))
    return places


def widened(text, parts, places):
    """The whole tokens of each part of a span."""
    wide = []
    for start, quote in parts:
        touched = [place for place in places if place[1] > start and place[0] < start + len(quote)]
        # Two parts in one token are one.
        if wide and touched and touched[0][0] < wide[-1][0] + len(wide[-1][1]):
            start = wide.pop()[0]
            wide.append((start, text[start:touched[-1][1]]))
        elif touched:
            wide.append((touched[0][0], text[touched[0][0]:touched[-1][1]]))
    return tuple(wide)
