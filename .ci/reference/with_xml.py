"""lxml: TEI, which is to be well-formed and to hold the text in its body."""

import os
import re

from lxml import etree

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"


def tei(found, folder):
    found.counts_relations = True
    for name in sorted(os.listdir(folder)):
        root = etree.parse(os.path.join(folder, name)).getroot()
        article = root.findtext(f".//{TEI}idno[@type='rubricate']")
        annotator = root.findtext(f".//{TEI}respStmt/{TEI}name")
        lines = found.said.of_article[article]
        [line] = [line for line in lines if len(lines) == 1 or line.annotator == annotator]
        body = root.find(f".//{TEI}body")
        text = "".join(body.itertext())
        found.text(line, text)
        labels = {one.get(ID): one.findtext(f"{TEI}catDesc") for one in root.iter(f"{TEI}category")}
        spans = {}
        for one in root.iter(f"{TEI}annotation"):
            whose, numbers = re.fullmatch(r"#string-range\(([^,]+),([\d,]+)\)", one.get("target")).groups()
            if whose != body.get(ID):
                found.differ(f"{name}: {one.get('target')} is not of the body")
            numbers = [int(number) for number in numbers.split(",")]
            parts = [(start, text[start:start + length]) for start, length in zip(numbers[::2], numbers[1::2])]
            spans[one.get(ID)] = (labels[one.get("ana")[1:]], tuple(parts))
            found.span(line, *spans[one.get(ID)])
        for one in root.iter(f"{TEI}link"):
            ends = [spans[end[1:]] for end in one.get("target").split()]
            found.relation(line, labels[one.get("ana")[1:]], *ends)
    found.finish()
