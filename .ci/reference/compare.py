"""What was said of the articles, what an export lost by its own account, and what another program found in it."""

import json
import re
from collections import Counter, defaultdict

# Spans of these kinds of loss are not in the file; of the last one they are, with other edges.
GONE = ["spans", "other_layers", "overlap", "nested", "fragments_dropped", "tokenless", "adrift"]
MOVED = "edges_moved"
# What XML 1.0 cannot hold stands as U+FFFD.
UNHELD = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(text):
    return UNHELD.sub("\ufffd", text)


class Line:
    """An article with what one annotator said of it."""

    def __init__(self, fields, number):
        self.number, self.article, self.annotator, self.text = number, fields["id"], fields["annotator"], fields["text"]
        self.spans = [
            (span["label"], tuple((part["start"], part["quote"]) for part in span["fragments"])) for span in fields["spans"]
        ]
        for _, parts in self.spans:
            for start, quote in parts:
                assert self.text[start:start + len(quote)] == quote, f"{self.article}: {quote!r} is not at {start}"
        self.layers = [span["layer"] for span in fields["spans"]]
        by_id = dict(zip((span["id"] for span in fields["spans"]), self.spans))
        self.relations = [(one["kind"], by_id[one["from"]], by_id[one["to"]]) for one in fields["relations"]]

    @property
    def key(self):
        return self.article, self.annotator


class Said:
    """All lines, in the order of every export."""

    def __init__(self, path):
        with open(path, encoding="utf-8", newline="\n") as file:
            self.lines = [Line(json.loads(line), number) for number, line in enumerate(file)]
        self.by_key = {line.key: line for line in self.lines}
        assert len(self.by_key) == len(self.lines), "an article has two lines of one annotator"
        self.of_article = defaultdict(list)
        for line in self.lines:
            self.of_article[line.article].append(line)

    def files(self, end):
        """File names of formats that number those of one article."""
        for line in self.lines:
            at = self.of_article[line.article].index(line)
            yield line, f"{line.article}{f'_{at + 1}' if at else ''}.{end}"


class Found:
    """What another program found, one thing after the other; `differences` is empty if all is as it should be."""

    def __init__(self, said, losses, as_xml=False):
        self.said, self.as_xml = said, as_xml
        self.losses = losses.get("losses", {})
        self.texts, self.spans, self.relations, self.differences = {}, Counter(), Counter(), []
        # Readers that see relations say so.
        self.counts_relations = False

    def differ(self, what):
        self.differences.append(what)

    def text(self, line, text):
        if line.key in self.texts:
            self.differ(f"{line.key}: is there twice")
        self.texts[line.key] = text
        wanted = xml(line.text) if self.as_xml else line.text
        if text != wanted:
            at = next((at for at, (one, other) in enumerate(zip(text, wanted)) if one != other), min(len(text), len(wanted)))
            self.differ(f"{line.key}: the text is {text[at:at + 20]!r} at {at}, should be {wanted[at:at + 20]!r}")

    def span(self, line, label, parts):
        self.spans[(line.key, label, tuple(parts))] += 1

    def relation(self, line, kind, one, other):
        self.relations[(line.key, kind, one, other)] += 1

    def places(self, kind):
        return Counter((place["article"], place["start"], place["end"]) for place in self.losses.get(kind, {}).get("places", []))

    def finish(self, widen=None):
        """Compares; `widen` gives the whole tokens of a line that a span was widened to."""
        gone, moved = Counter(), self.places(MOVED)
        for kind in GONE:
            gone += self.places(kind)
        for line in self.said.lines:
            if line.key not in self.texts:
                self.differ(f"{line.key}: is not there")
        groups, self.shown = defaultdict(list), {}
        for line in self.said.lines:
            for label, parts in line.spans:
                # Several of one place are moved alike.
                place = (line.article, parts[0][0], parts[-1][0] + len(parts[-1][1]))
                shown = widen(line, parts) if widen and place in moved else parts
                shown = tuple((start, xml(quote)) for start, quote in shown) if self.as_xml else shown
                self.shown[(line.key, label, parts)] = (label, shown)
                groups[place].append((line.key, label, shown))
        left = Counter(self.spans)
        for place, wanted in groups.items():
            lost = gone.pop(place, 0)
            there = []
            for span in wanted:
                if left[span] > 0:
                    left[span] -= 1
                    there.append(span)
            # Which of several at one place were lost is not told, only how many.
            missing = [span for span in wanted if span not in there] if not lost else wanted
            if len(there) < len(wanted) - lost:
                self.differ(f"{place}: {len(there)} spans are there, should be {len(wanted) - lost}; missing is one of {missing[:3]}")
            elif len(there) > len(wanted) - lost:
                self.differ(f"{place}: {len(there)} spans are there, but {lost} of {len(wanted)} are said to be lost")
        self.differences += [f"{place}: a span is said to be lost that nobody made" for place in gone]
        self.differences += [f"{span}: is there, but nobody said so" for span, count in left.items() if count > 0]
        if self.counts_relations:
            self.finish_relations()

    def finish_relations(self):
        shown = lambda line, span: self.shown[(line.key, *span)]
        wanted = Counter(
            (line.key, kind, shown(line, one), shown(line, other)) for line in self.said.lines for kind, one, other in line.relations)
        missing, told = wanted - self.relations, self.losses.get("relations", {}).get("count", 0)
        if missing.total() != told:
            self.differ(f"{told} relations are said to be lost, but {missing.total()} are, such as {list(missing)[:2]}")
        self.differences += [f"{relation}: is there, but nobody said so" for relation in self.relations - wanted]

    def summary(self):
        count = sum(self.spans.values())
        words = f"{count} spans"
        if self.counts_relations:
            words += f", {sum(self.relations.values())} relations"
        lost = {kind: loss["count"] for kind, loss in self.losses.items() if kind in GONE + [MOVED]}
        if lost:
            words += " (told: " + ", ".join(f"{count} {kind}" for kind, count in lost.items()) + ")"
        return words
