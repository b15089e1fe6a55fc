"""folia: words, and entities that point at them. It composes some of what it reads, and drops carriage returns."""

import os
from unicodedata import normalize

import folia.main as folia

from compare import xml


def placed(text, words):
    """Where each word stands in the text, which need not be composed."""
    at, places = 0, []
    for word in words:
        start, end, word = at, None, normalize("NFC", word)
        while end is None:
            assert start < len(text), f"{word!r} is not after {at}"
            reach = range(start + 1, min(len(text), start + 3 * len(word) + 1) + 1)
            # As far as it goes: marks that follow belong to it.
            ends = [end for end in reach if normalize("NFC", text[start:end]) == word]
            end = ends[-1] if ends else None
            if end is None:
                assert text[start].isspace() or not text[start].isprintable(), f"{word!r} is not at {start}: {text[start:start + 20]!r}"
                start += 1
        places.append((start, end))
        at = end
    return places


def load(found, folder):
    found.counts_relations = True
    for name in sorted(os.listdir(folder)):
        doc = folia.Document(file=os.path.join(folder, name))
        lines = found.said.of_article[doc.metadata["rubricate"]]
        [line] = [line for line in lines if len(lines) == 1 or line.annotator == doc.metadata["rubricate-annotator"]]
        text = xml(line.text)
        blocks = [one for one in doc.select(folia.AbstractStructureElement) if isinstance(one, (folia.Paragraph, folia.Head))]
        whole = "".join(one.textcontent().text(trim_spaces=False) for one in blocks)
        plain = lambda text: normalize("NFC", text).replace("\r", "")
        if plain(whole) != plain(text):
            found.differ(f"{name}: the text is {whole!r}, should be {text!r}")
        found.text(line, text)
        words = list(doc.words())
        places = dict(zip((word.id for word in words), placed(text, [word.textcontent().text(trim_spaces=False) for word in words])))
        spans = {}
        for entity in doc.select(folia.Entity):
            pieces = [places[word.id] for word in entity.wrefs()]
            extent = [one.cls for one in entity if isinstance(one, folia.Feature) and one.subset == "rubricate-extent"]
            if extent:
                numbers = [int(number) for number in extent[0].split()]
                parts = list(zip(numbers[::2], numbers[1::2]))
            else:
                # Words that follow each other are one part.
                parts, order, last = [], list(places.values()), -2
                for piece in pieces:
                    at = order.index(piece)
                    start = parts.pop()[0] if last == at - 1 and parts else piece[0]
                    parts.append((start, piece[1]))
                    last = at
            # All words that a part touches, and no other.
            touched = [place for place in places.values() if any(place[1] > start and place[0] < end for start, end in parts)]
            if pieces != touched:
                found.differ(f"{name}: the words of {entity.id} are at {pieces}, should be at {touched}")
            spans[entity.id] = (entity.cls, tuple((start, text[start:end]) for start, end in parts))
            found.span(line, *spans[entity.id])
        for entity in doc.select(folia.Entity):
            for relation in (one for one in entity if isinstance(one, folia.Relation)):
                [end] = [one for one in relation if isinstance(one, folia.LinkReference)]
                found.relation(line, relation.cls, spans[entity.id], spans[end.id])
    found.finish()
