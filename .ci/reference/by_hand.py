"""Formats without a library that is kept up: a few lines of our own for each, from its description alone."""

import json
import os
import re

# What ends a line for Python.
ENDS = "\r\n\u000b\u000c\u001c\u001d\u001e\u0085\u2028\u2029"


def read(path):
    # Line ends have to stay, and so has a mark that is part of the text.
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def of_name(found, stem):
    """Where two annotators were at work, the name of the file ends with theirs, or only that of the second."""
    article, _, annotator = stem.partition(".")
    lines = found.said.of_article[article]
    named = [line for line in lines if line.annotator == annotator]
    return named[0] if named else lines[0]


def brat(found, folder):
    found.counts_relations = True
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".ann"):
            continue
        line = of_name(found, name[:-4])
        text = read(os.path.join(folder, name[:-4] + ".txt"))
        if line.text.startswith("\ufeff"):
            # The file has its own before that of the text.
            text = text.removeprefix("\ufeff")
        found.text(line, text)
        spans = {}
        rows = [row.split("\t", 2) for row in read(os.path.join(folder, name)).split("\n") if row]
        for own, what, *words in rows:
            if not own.startswith("T"):
                continue
            label, _, places = what.partition(" ")
            places = [tuple(map(int, place.split())) for place in places.split(";")]
            quote = " ".join(text[start:end] for start, end in places)
            if words != [quote]:
                found.differ(f"{name}: {own} says {words}, there stands {quote!r}")
            # brat's own program wants pieces that end where a line does; the pieces of a line are one.
            pieces = []
            for start, end in places:
                if pieces and pieces[-1][1] < start and text[pieces[-1][1]:start].strip(ENDS) == "":
                    pieces[-1] = (pieces[-1][0], end)
                else:
                    pieces.append((start, end))
            spans[own] = (label, tuple((start, text[start:end]) for start, end in pieces))
            found.span(line, *spans[own])
        for own, what, *_ in rows:
            if own.startswith("R"):
                kind, one, other = what.split()
                found.relation(line, kind, spans[one.removeprefix("Arg1:")], spans[other.removeprefix("Arg2:")])
    # A piece begins and ends with something that is not the end of a line.
    strip = lambda start, quote: (start + len(quote) - len(quote.lstrip(ENDS)), quote.strip(ENDS))
    found.finish(widen=lambda line, parts: tuple(strip(*part) for part in parts))


def web_annotation(found, folder):
    found.counts_relations = True
    by_page = {line.article: line for line in found.said.lines}
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".jsonld"):
            continue
        article = name.removesuffix(".jsonld")
        page = json.loads(read(os.path.join(folder, name)))
        text = read(os.path.join(folder, article + ".txt"))
        by = {f"urn:rubricate:annotator:{line.annotator}": line for line in found.said.of_article[article]}
        for line in found.said.of_article[by_page[article].article]:
            found.text(line, text)
        spans = {}
        for item in page["items"]:
            if item["motivation"] != "tagging":
                continue
            targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
            parts = []
            for target in targets:
                place, quote = target["selector"]
                start, end = place["start"], place["end"]
                around = text[:start][-len(quote["prefix"]):] if quote["prefix"] else "", text[end:][:len(quote["suffix"])]
                if (text[start:end], *around) != (quote["exact"], quote["prefix"], quote["suffix"]):
                    found.differ(f"{name}: {quote} is not at {start}..{end}")
                parts.append((start, text[start:end]))
            [label] = [body["value"] for body in item["body"] if body["purpose"] == "tagging"]
            line = by[item["creator"]["id"]]
            spans[item["id"]] = (label, tuple(parts))
            found.span(line, *spans[item["id"]])
        for item in page["items"]:
            if item["motivation"] == "linking":
                [kind] = [body["value"] for body in item["body"] if isinstance(body, dict) and body["purpose"] == "tagging"]
                [one] = [body for body in item["body"] if isinstance(body, str)]
                found.relation(by[item["creator"]["id"]], kind, spans[one], spans[item["target"]])
    found.finish()


def webanno(found, folder):
    """Places count UTF-16 units."""
    tokens = {}
    for name in sorted(os.listdir(folder)):
        line = of_name(found, name.removesuffix(".tsv"))
        units = line.text.encode("utf-16-le")
        # Lines end at a line feed alone.
        rows = read(os.path.join(folder, name)).split("\n")
        found.text(line, line.text)
        layers = [row[5:].split("|") for row in rows if row.startswith("#T_")]
        kinds = [row[3:5] for row in rows if row.startswith("#T_")]
        column, at = None, 3
        for kind, (layer, *columns) in zip(kinds, layers):
            if kind == "SP":
                column = at + columns.index("label")
            at += max(len(columns), 1)
        spans, alone = {}, []
        for row in rows:
            cells = row.split("\t")
            if len(cells) < 3 or not re.fullmatch(r"\d+-\d+(\.\d+)?", cells[0]):
                continue
            start, end = map(int, cells[1].split("-"))
            if "." not in cells[0]:
                first, last = (len(units[:2 * at].decode("utf-16-le")) for at in (start, end))
                tokens.setdefault(line.key, []).append((first, last))
            words = units[2 * start:2 * end].decode("utf-16-le")
            if "\\" not in cells[2] and words != cells[2]:
                found.differ(f"{name}: {cells[0]} is {cells[2]!r}, there stands {words!r}")
            if column is None or cells[column] == "_":
                continue
            for cell in cells[column].split("|"):
                label, number = re.fullmatch(r"(.*?)(?:\[(\d+)\])?", cell).groups()
                if number:
                    known = spans.setdefault(number, (label, [start, end]))
                    known[1][1] = end
                else:
                    alone.append((label, [start, end]))
        for label, (start, end) in [*spans.values(), *alone]:
            first = len(units[:2 * start].decode("utf-16-le"))
            found.span(line, label.replace("\\", ""), [(first, units[2 * start:2 * end].decode("utf-16-le"))])

    def inside(line, parts):
        """What of a span lies in tokens, from the first to the last; it may begin and end amid one."""
        start, end = parts[0][0], parts[0][0] + len(parts[0][1])
        touched = [(max(start, one), min(end, other)) for one, other in tokens[line.key] if other > start and one < end]
        return ((touched[0][0], line.text[touched[0][0]:touched[-1][1]]),) if touched and len(parts) == 1 else parts

    found.finish(widen=inside)
