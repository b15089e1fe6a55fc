"""dkpro-cassis: XMI and JSON CAS."""

import os
from collections import defaultdict

import cassis


def take(found, folder, end, load):
    found.counts_relations = True
    names = set(os.listdir(folder))
    for line, name in found.said.files(end):
        if name not in names:
            found.differ(f"{name}: is not there")
            continue
        names.remove(name)
        with open(os.path.join(folder, name), "rb") as file:
            cas = load(file)
        text = cas.sofa_string
        found.text(line, text)
        [about] = cas.select("rubricate.Article")
        # Types have only the features that something in the file uses.
        key = (about.id, getattr(about, "annotator", None))
        if key != line.key:
            found.differ(f"{name}: is of {key}, should be {line.key}")
        pieces = defaultdict(list)
        for fs in cas.select_all():
            if fs.type.name.startswith("rubricate.span."):
                if fs.get_covered_text() != text[fs.begin:fs.end]:
                    found.differ(f"{name}: {fs.get_covered_text()!r} is not {text[fs.begin:fs.end]!r}")
                number = getattr(fs, "fragment", None) or 1
                pieces[fs.id].append((number, fs.begin, fs.get_covered_text(), fs.label))
        spans = {}
        for own, parts in pieces.items():
            parts.sort()
            spans[own] = (parts[0][3], tuple((begin, words) for _, begin, words, _ in parts))
            found.span(line, *spans[own])
        if any(fs_type.name == "rubricate.Relation" for fs_type in cas.typesystem.get_types()):
            for fs in cas.select("rubricate.Relation"):
                found.relation(line, fs.label, spans[fs.Governor.id], spans[fs.Dependent.id])
    if names - {"typesystem.xml"}:
        found.differ(f"there are files of nothing: {sorted(names)[:3]}")
    found.finish()


def xmi(found, folder):
    with open(os.path.join(folder, "typesystem.xml"), "rb") as file:
        types = cassis.load_typesystem(file)
    take(found, folder, "xmi", lambda file: cassis.load_cas_from_xmi(file, typesystem=types))


def json_cas(found, folder):
    take(found, folder, "json", cassis.load_cas_from_json)
