#!/usr/bin/env python3
"""How well the article is cut out of a page, beside other programs on the same pages in the same run. Run by hand.

    benches/extractors.py BINARY FOLDER

BINARY is `rubricate`, built in release. FOLDER has `ground-truth.json` and `html/ID.html.gz`, as
article-extraction-benchmark has them. Needs from the package index: trafilatura justext readability-lxml resiliparse.
The score is that of the benchmark: runs of four words, precision and recall as means of the pages, F1 of the two."""

import collections
import gzip
import json
import os
import re
import subprocess
import sys
import time


def runs(text):
    words = re.findall(r"\w+", text or "")
    return collections.Counter(tuple(words[at:at + 4]) for at in range(max(1, len(words) - 3)) if words)


def score(truths, found):
    precisions, recalls = [], []
    for name, truth in truths.items():
        wanted, got = runs(truth["articleBody"]), runs(found[name])
        common = sum((wanted & got).values())
        if got:
            precisions.append(common / sum(got.values()))
        if wanted:
            recalls.append(common / sum(wanted.values()))
    precision, recall = sum(precisions) / max(1, len(precisions)), sum(recalls) / max(1, len(recalls))
    return 2 * precision * recall / max(1e-9, precision + recall), precision, recall


def extractors():
    import justext
    import lxml.html
    import readability
    import trafilatura
    from resiliparse.extract.html2text import extract_plain_text

    words = justext.get_stoplist("English")
    return {
        "trafilatura": lambda page: trafilatura.extract(page, include_comments=False),
        "resiliparse": lambda page: extract_plain_text(page, main_content=True),
        "readability-lxml": lambda page: lxml.html.fromstring(readability.Document(page).summary()).text_content(),
        "jusText": lambda page: "\n".join(
            part.text for part in justext.justext(page.encode(), words) if not part.is_boilerplate
        ),
    }


def main():
    binary, folder = sys.argv[1:]
    with open(os.path.join(folder, "ground-truth.json"), encoding="utf-8") as file:
        truths = json.load(file)
    pages = {}
    for name in truths:
        with gzip.open(os.path.join(folder, "html", name + ".html.gz"), "rt", encoding="utf-8") as file:
            pages[name] = file.read()
    row = "{:20} {:8.4f} {:8.4f} {:8.4f} {:10.0f}"
    print("{:20} {:>8} {:>8} {:>8} {:>10}".format("", "F1", "P", "R", "pages/s"))
    own = json.loads(subprocess.run(
        [binary, "evaluate", "boilerplate", folder, "--json"], capture_output=True, check=True, text=True
    ).stdout)
    print(row.format("rubricate", own["f1"], own["precision"], own["recall"], own["pages_per_second"]))
    for name, extract in extractors().items():
        found, begin = {}, time.process_time()
        for page, text in pages.items():
            try:
                found[page] = extract(text) or ""
            except Exception as error:
                print(f"{name}: {page[:8]}: {error}", file=sys.stderr)
                found[page] = ""
        seconds = time.process_time() - begin
        print(row.format(name, *score(truths, found), len(pages) / max(1e-9, seconds)))


if __name__ == "__main__":
    main()
