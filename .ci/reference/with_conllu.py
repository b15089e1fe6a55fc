"""conllu: words, and brackets of entities in the last column."""

import re
from urllib.parse import unquote

import conllu

from tokens import placed, widened

BRACKET = re.compile(r"\(([^()]+)(\))?|([^()]+)\)")
PART = re.compile(r"(.*)\[(\d+)/\d+\]")


def mentions(words):
    """Name, label, and first and last word of each part."""
    open_parts, closed = {}, {}
    for at, word in enumerate(words):
        for head, alone, end in BRACKET.findall((word["misc"] or {}).get("Entity") or ""):
            if head:
                # Only the first part has values behind its name.
                name, label, *_ = head.split("-") + [""]
                open_parts.setdefault(name, []).append((at, unquote(label)))
            if alone or end:
                name = head.split("-")[0] if head else end
                first, label = open_parts[name].pop()
                number = PART.fullmatch(name)
                mention = closed.setdefault(number[1] if number else name, (label, []))
                mention[1].append((first, at))
    assert not any(open_parts.values()), f"brackets stay open: {open_parts}"
    return closed.values()


def load(found, path):
    with open(path, encoding="utf-8", newline="\n") as file:
        docs = []
        for sentence in conllu.parse_incr(file):
            if any(name.startswith("newdoc") for name in sentence.metadata):
                docs.append([])
            docs[-1] += [word for word in sentence if isinstance(word["id"], int)]
    # An article without a word is not in the file.
    lines = [line for line in found.said.lines if line.text.strip()]
    if len(docs) != len(lines):
        found.differ(f"{len(docs)} documents, should be {len(lines)}")
    places_of = {line.key: [] for line in found.said.lines}
    for line in found.said.lines:
        found.text(line, line.text)
    for line, words in zip(lines, docs):
        places_of[line.key] = places = placed(line.text, [word["form"] for word in words])
        for label, parts in mentions(words):
            parts.sort()
            found.span(line, label, [(places[first][0], line.text[places[first][0]:places[last][1]]) for first, last in parts])
    found.finish(widen=lambda line, parts: widened(line.text, parts, places_of[line.key]))
