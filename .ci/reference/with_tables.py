"""`datasets`, DuckDB and Polars: the folder of Parquet."""

import json
import os

import datasets
import duckdb
import polars
from seqeval.metrics.sequence_labeling import get_entities

from tokens import placed, widened


def rows(found, table):
    found.counts_relations = True
    for row in table:
        line = found.said.by_key.get((row["id"], row["annotator"]))
        if line is None:
            found.differ(f"a row of {row['id']} by {row['annotator']}, which nobody made")
            continue
        found.text(line, row["text"])
        spans = []
        for span in row["spans"]:
            places = json.loads(span["fragments"]) if span["fragments"] else [[span["start"], span["end"]]]
            if row["text"][span["start"]:span["end"]] != span["text"] and len(places) == 1:
                found.differ(f"{line.key}: {span['text']!r} is not at {span['start']}")
            spans.append((span["label"], tuple((start, row["text"][start:end]) for start, end in places)))
            found.span(line, *spans[-1])
        for relation in row["relations"]:
            found.relation(line, relation["label"], spans[relation["head"]], spans[relation["tail"]])
    found.finish()


def parts(folder):
    return sorted({name.split("-")[0] for name in os.listdir(os.path.join(folder, "data"))})


def hub(found, folder):
    loaded = datasets.load_dataset(folder)
    # Other names than these mean parts that are not taken for such.
    usual = {"train": "train", "dev": "validation", "test": "test"}
    wanted = ["dev", "test", "train"] if os.path.exists(os.path.join(folder, "SPLIT.json")) else ["train"]
    if parts(folder) != wanted:
        found.differ(f"the parts are {parts(folder)}, should be {wanted}")
    for part in parts(folder):
        if not {part, usual[part]} & set(loaded):
            found.differ(f"there is no part {part!r}, only {list(loaded)}")
    table = []
    for part in loaded.values():
        feature = part.features["ner_tags"].feature
        if not isinstance(feature, datasets.ClassLabel) or feature.names[0] != "O":
            found.differ(f"tags are {feature}")
            break
        for row in part:
            table.append(row)
            tags(found, row, [feature.int2str(tag) for tag in row["ner_tags"]])
    rows(found, table)


def tags(found, row, names):
    """Every tagged piece is a span, on whole tokens."""
    line = found.said.by_key[(row["id"], row["annotator"])]
    places = placed(row["text"], row["tokens"])
    for label, first, last in get_entities(names):
        piece = (places[first][0], row["text"][places[first][0]:places[last][1]])
        if not any(label == known and (piece,) == widened(line.text, parts, places) for known, parts in line.spans):
            found.differ(f"{line.key}: the tags of {label} at {piece} are of no span")
    if len(names) != len(row["tokens"]):
        found.differ(f"{line.key}: {len(names)} tags for {len(row['tokens'])} tokens")


def duck(found, folder):
    pattern = os.path.join(folder, "data", "*.parquet").replace("'", "''")
    query = duckdb.sql(f"SELECT id, annotator, text, spans, relations FROM read_parquet('{pattern}')")
    rows(found, (dict(zip(query.columns, row)) for row in query.fetchall()))
    [(count,)] = duckdb.sql(f"SELECT count(*) FROM (SELECT unnest(spans) FROM read_parquet('{pattern}'))").fetchall()
    if count != sum(found.spans.values()):
        found.differ(f"unnest gives {count} spans")


def bears(found, folder):
    table = polars.scan_parquet(os.path.join(folder, "data", "*.parquet"))
    rows(found, table.select("id", "annotator", "text", "spans", "relations").collect().iter_rows(named=True))
