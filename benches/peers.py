#!/usr/bin/env python3
"""Times two peers and Rubricate on the same corpus, in the same run.

    python3 benches/peers.py PROGRAM FOLDER

PROGRAM  the rubricate binary of a release build
FOLDER   has corpus.jsonl, one article a line with `text` and `spans` (`start`, `end`, `label`, in code points), and
         brat/, the same articles as NNNNNN.txt and NNNNNN.ann

Run by hand; no check needs it. Needs Python 3.10 or newer and

    pip install spacy==3.8.18 brat-tools==0.1

brat-tools is an unofficial copy of brat's own tools; of them only anntoconll.py is used, brat's converter to CoNLL. It
works on copies of the files, since it writes beside them, without spans of several fragments, which end it. The package
lacks the part of brat that finds sentences, so lines are its sentences, which is less work for it. What it says of
overlaps goes nowhere.
spaCy is used as `spacy convert` uses it: each text becomes a Doc of a blank pipeline, spans that fit tokens become
entities where they do not overlap and span groups elsewhere, and a DocBin is written.

Seconds are those of the processor, user and system, of the process and the processes that it starts.
"""

import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path


def timed(what, work):
    """Runs something that starts processes, and says what they cost."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what:40} {cpu:8.2f} s CPU {time.monotonic() - start:8.2f} s", flush=True)
    return cpu


def docbin(source, target):
    """The work of spaCy; runs in a process of its own."""
    import spacy
    from spacy.tokens import DocBin
    from spacy.util import filter_spans

    nlp = spacy.blank("xx")
    bin_ = DocBin()
    with open(source, encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            doc = nlp.make_doc(article["text"])
            spans = [doc.char_span(s["start"], s["end"], s["label"], alignment_mode="expand") for s in article["spans"]]
            spans = [span for span in spans if span is not None]
            doc.ents = filter_spans(spans)
            entities = {(span.start, span.end, span.label) for span in doc.ents}
            doc.spans["sc"] = [span for span in spans if (span.start, span.end, span.label) not in entities]
            bin_.add(doc)
    bin_.to_disk(target)


def anntoconll(folder):
    """The work of brat; runs in a process of its own."""
    import importlib.util

    sys.modules["ssplit"] = types.ModuleType("ssplit")
    sys.modules["ssplit"].regex_sentence_boundary_gen = None
    place = Path(importlib.util.find_spec("brat_tools").origin).parent
    sys.path.insert(0, str(place))
    source = (place / "anntoconll.py").read_text(encoding="utf-8")
    # The way to open files that Python 3.11 does not know any more.
    names = {"__name__": "anntoconll", "__file__": str(place / "anntoconll.py")}
    source = source.replace("'rU'", "'r', encoding='utf-8'").replace("'wt'", "'wt', encoding='utf-8'")
    exec(compile(source, "anntoconll", "exec"), names)
    names["main"](["anntoconll", "-n", *sorted(str(path) for path in Path(folder).glob("*.txt"))])


def main():
    if sys.argv[1] == "--docbin":
        return docbin(sys.argv[2], sys.argv[3])
    if sys.argv[1] == "--anntoconll":
        return anntoconll(sys.argv[2])
    program, folder = sys.argv[1], Path(sys.argv[2])
    own = [sys.executable, __file__]

    def run(*words):
        done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        # 1 says that something is lost or should be looked at.
        if done.returncode > 1 or (done.returncode and words[0] == sys.executable):
            sys.exit(f"{words[:4]} failed: {done.stderr[-2000:].decode(errors='replace')}")

    with tempfile.TemporaryDirectory(dir=folder) as out:
        out = Path(out)
        ours = timed("rubricate convert, JSONL to DocBin", lambda: run(
            program, "convert", str(folder / "corpus.jsonl"), str(out / "a.spacy"), "--to", "docbin"))
        theirs = timed("spaCy, the same", lambda: run(
            *own, "--docbin", str(folder / "corpus.jsonl"), str(out / "b.spacy")))
        print(f"{theirs / ours:.1f} times as fast")
        if not (folder / "brat").exists():
            return None
        ours = timed("rubricate convert, brat to CoNLL", lambda: run(
            program, "convert", str(folder / "brat"), str(out / "a.conll"), "--to", "conll"))
        shutil.copytree(folder / "brat", out / "brat")
        for file in (out / "brat").glob("*.ann"):
            text = file.read_text(encoding="utf-8")
            file.write_text(re.sub(r"^T\d+\t\S+ [\d ]+;.*\n", "", text, flags=re.M), encoding="utf-8")
        theirs = timed("brat's anntoconll.py, the same", lambda: run(*own, "--anntoconll", str(out / "brat")))
        print(f"{theirs / ours:.1f} times as fast")
    return None


if __name__ == "__main__":
    sys.exit(main())
