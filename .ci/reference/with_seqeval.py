"""seqeval: the tags of CoNLL."""

from seqeval.metrics.sequence_labeling import get_entities

from tokens import placed, widened


def conll(found, path):
    with open(path, encoding="utf-8", newline="\n") as file:
        articles = []
        for row in file.read().split("\n"):
            if row.startswith("-DOCSTART-"):
                articles.append([])
            elif row:
                token, tag = row.split("\t")
                articles[-1].append((token, tag))
            elif articles[-1]:
                # A sentence ends.
                articles[-1].append(None)
    if len(articles) != len(found.said.lines):
        found.differ(f"{len(articles)} articles, should be {len(found.said.lines)}")
    places_of = {}
    for line, rows in zip(found.said.lines, articles):
        rows = [row for row in rows if row]
        places_of[line.key] = places = placed(line.text, [token for token, _ in rows])
        found.text(line, line.text)
        for label, first, last in get_entities([tag for _, tag in rows]):
            start = places[first][0]
            found.span(line, label, [(start, line.text[start:places[last][1]])])
    found.finish(widen=lambda line, parts: widened(line.text, parts, places_of[line.key]))
