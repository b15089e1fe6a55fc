#!/usr/bin/env python3
"""Reads a JSONL export as any Python program would, and checks that every offset says what it should.

Knows nothing of Rubricate but docs/formats.md.
With --expect LABEL=QUOTE|QUOTE (repeatable, in the order of the file) the spans must be exactly these.
"""

import json
import sys


def check(line, number, found):
    text = line["text"]
    assert line["unit"] == "code points", f"line {number}: unit is {line['unit']!r}"
    ids = [span["id"] for span in line["spans"]]
    assert len(set(ids)) == len(ids), f"line {number}: an id stands twice"
    order = [(span["start"], -span["end"]) for span in line["spans"]]
    assert order == sorted(order), f"line {number}: spans are not in reading order"
    for span in line["spans"]:
        where = f"line {number}, span {span['id']}"
        fragments = span["fragments"]
        assert fragments, f"{where}: no fragments"
        assert span["start"] == fragments[0]["start"], f"{where}: start is not that of the first fragment"
        assert span["end"] == fragments[-1]["end"], f"{where}: end is not that of the last fragment"
        at = 0
        for fragment in fragments:
            start, end = fragment["start"], fragment["end"]
            assert at <= start < end <= len(text), f"{where}: {start}..{end} is out of order or out of the text"
            assert text[start:end] == fragment["quote"], f"{where}: {text[start:end]!r} is not {fragment['quote']!r}"
            at = end
        found.append(f"{span['label']}={'|'.join(fragment['quote'] for fragment in fragments)}")
    for relation in line["relations"]:
        for end in (relation["from"], relation["to"]):
            assert isinstance(end, dict) or end in ids, f"line {number}: relation {relation['id']} hangs on nothing"


def main(path, *words):
    expected = [word for word in words if word != "--expect"]
    found = []
    with open(path, encoding="utf-8", newline="\n") as file:
        lines = [json.loads(line) for line in file]
    for number, line in enumerate(lines, 1):
        check(line, number, found)
    if expected:
        assert found == expected, "spans differ:\n  found    " + repr(found) + "\n  expected " + repr(expected)
    print(f"{path}: {len(lines)} examples, {len(found)} spans, every quote stands where it should")


if __name__ == "__main__":
    main(*sys.argv[1:])
