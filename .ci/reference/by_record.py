"""Formats of one record for each example: a few lines of our own for each, from its description alone."""

import csv
import json
import os


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def lines(path):
    return [json.loads(line) for line in read(path).split("\n") if line]


def take(found, records, text, spans):
    """`spans` gives label and places of each span of a record."""
    if len(records) != len(found.said.lines):
        found.differ(f"{len(records)} records, should be {len(found.said.lines)}")
    for line, record in zip(found.said.lines, records):
        words = text(record)
        found.text(line, words)
        for label, places in spans(record):
            found.span(line, label, [(start, words[start:end]) for start, end in places])
    found.finish()


def doccano(found, path):
    take(found, lines(path), lambda one: one["text"],
         lambda one: [(span["label"], [(span["start_offset"], span["end_offset"])]) for span in one["entities"]])


def labelbuddy(found, path):
    take(found, lines(path), lambda one: one["text"],
         lambda one: [(span["label_name"], [(span["start_char"], span["end_char"])]) for span in one["annotations"]])


def prodigy(found, path):
    def spans(one):
        tokens = one["tokens"]
        for token in tokens:
            if one["text"][token["start"]:token["end"]] != token["text"]:
                found.differ(f"{one['meta']}: {token} is not there")
        for span in one.get("spans", []):
            if (tokens[span["token_start"]]["start"], tokens[span["token_end"]]["end"]) != (span["start"], span["end"]):
                found.differ(f"{one['meta']}: the tokens of {span} are others")
            yield span["label"], [(span["start"], span["end"])]

    take(found, lines(path), lambda one: one["text"], spans)


def pubannotation(found, path):
    """A record for each article; where there are several annotators, each has a track."""
    found.counts_relations = True

    def places(span):
        return [(one["begin"], one["end"]) for one in (span if isinstance(span, list) else [span])]

    records = json.loads(read(path))
    if len(records) != len(found.said.of_article):
        found.differ(f"{len(records)} records, should be {len(found.said.of_article)}")
    for record, lines_of in zip(records, found.said.of_article.values()):
        text, tracks = record["text"], record.get("tracks", [record])
        by = {track.get("project"): track for track in tracks}
        for line in lines_of:
            found.text(line, text)
            track = by[line.annotator] if "tracks" in record else record
            spans = {}
            for span in track.get("denotations", []):
                spans[span["id"]] = (span["obj"], tuple((start, text[start:end]) for start, end in places(span["span"])))
                found.span(line, *spans[span["id"]])
            for one in track.get("relations", []):
                found.relation(line, one["pred"], spans[one["subj"]], spans[one["obj"]])
    found.finish()


def table(found, path):
    """The whole table is one, with the text of an article once."""
    found.counts_relations = True
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = {row["article"]: row["text"] for row in rows if row["kind"] == "article"}
    for line in found.said.lines:
        found.text(line, texts.get(line.article))
    spans = {}
    for row in rows:
        key = row["article"], row["annotator"]
        if row["kind"] == "span":
            ends = zip(row["start"].split(";"), row["end"].split(";"))
            parts = tuple((int(start), texts[row["article"]][int(start):int(end)]) for start, end in ends)
            if len(parts) == 1 and parts[0][1] != row["text"]:
                found.differ(f"{key}: {row['text']!r} is not at {row['start']}")
            spans[(*key, row["id"])] = (row["label"], parts)
            found.span(found.said.by_key[key], row["label"], parts)
        elif row["kind"] == "relation":
            ends = [spans[(*key, row[end])] for end in ("from", "to")]
            found.relation(found.said.by_key[key], row["label"], *ends)
    found.finish()


def label_studio(found, folder):
    """A task for each article, with an annotation for each annotator."""
    tasks = json.loads(read(os.path.join(folder, "tasks.json")))
    if len(tasks) != len(found.said.of_article):
        found.differ(f"{len(tasks)} tasks, should be {len(found.said.of_article)}")
    for task, lines_of in zip(tasks, found.said.of_article.values()):
        text = task["data"]["text"]
        said = [line for line in lines_of if line.annotator]
        for line in lines_of:
            found.text(line, text)
        if len(task["annotations"]) != len(said):
            found.differ(f"{lines_of[0].article}: {len(task['annotations'])} annotations, should be {len(said)}")
        for line, annotation in zip(said, task["annotations"]):
            for result in annotation["result"]:
                if result["type"] != "labels":
                    continue
                value = result["value"]
                if text[value["start"]:value["end"]] != value["text"]:
                    found.differ(f"{line.key}: {value['text']!r} is not at {value['start']}")
                for label in value["labels"]:
                    found.span(line, label, [(value["start"], value["text"])])
    found.finish()
