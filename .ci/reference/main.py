"""Exports edge articles in every format that another library reads, and compares what the library finds.

main.py BINARY
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback

import articles
from compare import Found, Said

# What is printed, the words for the export, the file and the function that read it, whether it is XML.
CHECKS = [
    ("spacy docbin", "--format docbin", "with_spacy.docbin", False),
    ("spacy json", "--format spacy-json", "with_spacy.pairs", False),
    ("cassis xmi", "--format xmi", "with_cassis.xmi", True),
    ("cassis json", "--format cas-json", "with_cassis.json_cas", False),
    ("gatenlp bdoc", "--format bdoc", "with_gatenlp.bdoc", False),
    ("gatenlp bdoc packed", "--format bdoc-mp", "with_gatenlp.packed", False),
    ("gatenlp gate xml", "--format gate", "with_gatenlp.gate_xml", True),
    ("bioc xml", "--format bioc-xml", "with_bioc.xml", True),
    ("bioc json", "--format bioc-json", "with_bioc.json", False),
    ("datasets", "--format hf", "with_tables.hub", False),
    ("datasets, in parts", "--format hf --split 80,10,10", "with_tables.hub", False),
    ("datasets, claims", "--format hf --layer claim --tokenizer whitespace", "with_tables.hub", False),
    ("duckdb", "--format hf", "with_tables.duck", False),
    ("duckdb, in parts", "--format hf --split 80,10,10", "with_tables.duck", False),
    ("polars", "--format hf", "with_tables.bears", False),
    ("polars, in parts", "--format hf --split 80,10,10", "with_tables.bears", False),
    ("lxml tei", "--format tei", "with_xml.tei", True),
    ("folia", "--format folia", "with_folia.load", True),
    ("conllu", "--format conllu", "with_conllu.load", False),
    ("brat, by hand", "--format brat", "by_hand.brat", False),
    ("web annotation, by hand", "--format web-annotation", "by_hand.web_annotation", False),
    ("webanno tsv, by hand", "--format webanno-tsv", "by_hand.webanno", False),
    ("csv, by hand", "--format csv", "by_record.table", False),
    ("doccano, by hand", "--format doccano", "by_record.doccano", False),
    ("labelbuddy, by hand", "--format labelbuddy", "by_record.labelbuddy", False),
    ("prodigy, by hand", "--format prodigy", "by_record.prodigy", False),
    ("pubannotation, by hand", "--format pubannotation", "by_record.pubannotation", False),
    ("label studio, by hand", "--format label-studio", "by_record.label_studio", False),
    ("seqeval", "--format conll", "with_seqeval.conll", False),
    ("seqeval, claims", "--format conll --layer claim", "with_seqeval.conll", False),
    ("seqeval, blanks", "--format conll --layer entity --tokenizer whitespace --overlaps first", "with_seqeval.conll", False),
]

# Ends of names without which a library does not know a file.
END = {"--format docbin": ".spacy"}


def run(binary, *words):
    done = subprocess.run([binary, *words], capture_output=True, text=True, env=dict(os.environ, USER="anna"))
    # 1 says that there is something to read, such as losses.
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def losses_of(path):
    inside, beside = os.path.join(path, "LOSSES.json"), path + ".LOSSES.json"
    for name in (inside, beside):
        if os.path.exists(name):
            with open(name, encoding="utf-8") as file:
                return json.load(file)
    return {}


def as_made(made, told):
    """The project holds what was made; ids of spans and the order are its own."""
    wrong = [key for key in made.by_key if key not in told.by_key] + [key for key in told.by_key if key not in made.by_key]
    for key, line in told.by_key.items():
        other = made.by_key.get(key)
        if other and (line.text, sorted(line.spans), sorted(line.relations)) != (other.text, sorted(other.spans), sorted(other.relations)):
            wrong.append(key)
    if wrong:
        sys.exit(f"the project is not what was imported: {wrong[:3]}")
    spans = sum(len(line.spans) for line in told.lines)
    print(f"imported: {len(told.lines)} examples of {len(told.of_article)} articles, {spans} spans, all equal")


def main(binary, work):
    # Libraries ask nobody and keep nothing.
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HOME": os.path.join(work, "hub"), "TQDM_DISABLE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    made, project, told = (os.path.join(work, name) for name in ("edge.jsonl", "edge.ron", "told.jsonl"))
    articles.write(made)
    run(binary, "new", project)
    run(binary, "import", project, made)
    run(binary, "export", project, "--format", "jsonl", "--out", told)
    said = Said(told)
    as_made(Said(made), said)
    bad, exported = 0, {}
    for name, words, function, as_xml in CHECKS:
        start = time.monotonic()
        if words not in exported:
            exported[words] = os.path.join(work, f"export-{len(exported)}{END.get(words, '')}")
            run(binary, "export", project, *words.split(), "--out", exported[words])
        found = Found(said, losses_of(exported[words]), as_xml)
        module, function = function.split(".")
        try:
            getattr(importlib.import_module(module), function)(found, exported[words])
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            found.differ(f"{type(error).__name__}: {error} ({os.path.basename(last.filename)}, line {last.lineno})")
        outcome = "all equal" if not found.differences else f"{len(found.differences)} differences:"
        print(f"{name}: {found.summary()}, {outcome}", flush=True)
        for difference in found.differences[:5]:
            print(f"    {difference}", flush=True)
        bad += bool(found.differences)
        if os.environ.get("REFERENCE_TIMES"):
            print(f"    {time.monotonic() - start:.1f} s")
    print(f"{len(CHECKS) - bad} of {len(CHECKS)} readers agree")
    return 1 if bad else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        code = main(os.path.abspath(sys.argv[1]), folder)
    sys.exit(code)
