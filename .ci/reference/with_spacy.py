"""spaCy: DocBin, and the pairs that `Example` takes."""

import json
import warnings

import spacy
from spacy.tokens import Doc, DocBin
from spacy.training import Example


def take(found, docs):
    docs = list(docs)
    if len(docs) != len(found.said.lines):
        found.differ(f"{len(docs)} docs, should be {len(found.said.lines)}")
    for line, doc in zip(found.said.lines, docs):
        found.text(line, doc.text)
        # A token takes all characters of a doc, so places are counted from the tokens.
        for span in [*doc.ents, *(span for group in doc.spans.values() for span in group)]:
            found.span(line, span.label_, [(span.start_char, span.text)])


def docbin(found, path):
    nlp = spacy.blank("xx")
    take(found, DocBin().from_disk(path).get_docs(nlp.vocab))
    found.finish()
    # What its own training would read.
    corpus = spacy.training.Corpus(path)
    examples = list(corpus(nlp))
    wanted = sum(1 for line in found.said.lines if line.text)
    if len(examples) != wanted:
        found.differ(f"its training reads {len(examples)} examples, should be {wanted}")


def pairs(found, path):
    nlp = spacy.blank("xx")
    with open(path, encoding="utf-8") as file:
        all_pairs = json.load(file)

    def doc(text, said):
        # A token for each character, so that every edge is one of a token.
        empty = Doc(nlp.vocab, words=list(text), spaces=[False] * len(text))
        with warnings.catch_warnings():
            # What spaCy says where it leaves out an entity.
            warnings.simplefilter("error")
            return Example.from_dict(empty, said).reference

    take(found, (doc(text, said) for text, said in all_pairs))
    found.finish()
