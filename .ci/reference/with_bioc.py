"""bioc: XML and JSON."""

from bioc import biocjson, biocxml


def take(found, collection):
    found.counts_relations = True
    for document in collection.documents:
        line = found.said.by_key.get((document.id, document.infons.get("annotator")))
        if line is None:
            # Who annotated is told where there are several.
            [line] = found.said.of_article[document.id]
        characters = {}
        for passage in document.passages:
            characters.update(enumerate(passage.text, passage.offset))
        # Line feeds between passages are in none.
        text = "".join(characters.get(at, "\n") for at in range(max(characters) + 1))
        found.text(line, text)
        spans = {}
        for ann in [*document.annotations, *(ann for passage in document.passages for ann in passage.annotations)]:
            places = [(place.offset, place.offset + place.length) for place in ann.locations]
            parts = tuple((start, text[start:end]) for start, end in places)
            if ann.text != " ".join(words for _, words in parts):
                found.differ(f"{line.key}: {ann.text!r} stands at {parts!r}")
            spans[ann.id] = (ann.infons["type"], parts)
            found.span(line, *spans[ann.id])
        for relation in document.relations:
            ends = {node.role: spans[node.refid] for node in relation.nodes}
            found.relation(line, relation.infons["type"], ends["source"], ends["target"])
    found.finish()


def xml(found, path):
    with open(path, "rb") as file:
        take(found, biocxml.load(file))


def json(found, path):
    with open(path, encoding="utf-8") as file:
        take(found, biocjson.load(file))
