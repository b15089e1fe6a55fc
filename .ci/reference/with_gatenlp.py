"""gatenlp: bdoc as JSON and MessagePack, and GATE XML."""

import json
import os
from collections import defaultdict

from gatenlp import Document


def take(found, folder, end, kind):
    names = set(os.listdir(folder))
    for line, name in found.said.files(end):
        if name not in names:
            found.differ(f"{name}: is not there")
            continue
        names.remove(name)
        doc = Document.load(os.path.join(folder, name), fmt=kind)
        found.text(line, doc.text)
        about = json.loads(doc.features["rubricate"])
        if (about["id"], about.get("annotator")) != line.key:
            found.differ(f"{name}: is of {about['id']} by {about.get('annotator')}, should be {line.key}")
        pieces = defaultdict(list)
        for layer in doc.annset_names():
            for ann in doc.annset(layer):
                features = ann.features
                own = features.get("rubricate.id", ann.id)
                pieces[(layer, own)].append((features.get("rubricate.fragment", 1), ann.start, doc[ann], ann.type))
        for parts in pieces.values():
            parts.sort()
            found.span(line, parts[0][3], [(start, words) for _, start, words, _ in parts])
    if names:
        found.differ(f"there are files of nothing: {sorted(names)[:3]}")
    found.finish()


def bdoc(found, folder):
    take(found, folder, "bdocjs", "bdocjs")


def packed(found, folder):
    take(found, folder, "bdocmp", "bdocmp")


def gate_xml(found, folder):
    take(found, folder, "xml", "gatexml")
