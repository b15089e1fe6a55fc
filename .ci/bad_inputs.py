#!/usr/bin/env python3
"""Imports hostile and awkward files as a person would, and checks what becomes of them.

bad_inputs.py FOLDER BINARY

FOLDER holds the files and expect.json, which gives for each name what has to happen ("import", "refuse" or "either")
and for some the text. Each file goes through the real program alone with two good ones, then all of them at once.
In every case: the good ones are there, nothing crashes or hangs, memory and time stay within their limits, nothing is
written beside the project, and what was not read is named with a sentence.
"""
import json
import os
import shutil
import sys
import tempfile
import time

folder, binary = (os.path.abspath(word) for word in sys.argv[1:3])
expected = json.load(open(os.path.join(folder, "expect.json"), encoding="utf-8"))
# Of the processor, of the clock where other programs run too, and of memory.
SECONDS, CLOCK, MEGABYTES = 10, 60, 512
# What the program does not read has to be refused, whatever the list hopes for.
UNREAD = {"ron", "yaml", "toml"}
# Where the program means something else than the list, and why.
OTHERWISE = {
    "txt_empty.txt": ("refuse", "an article without a character cannot be annotated"),
    "json_empty.json": ("refuse", "an article without a character cannot be annotated"),
    "jsonl_raw_empty.jsonl": ("refuse", "an article without a character cannot be annotated"),
    "regex_size.txt": ("import", "as a file it is plain text"),
    "regex_nest.txt": ("import", "as a file it is plain text"),
    "xml_crlf.xml": ("refuse", "XML of no kind that holds an article"),
    "epub_spine_repeat.epub": ("import", "a part of a book counts once, however often its list names it"),
    "zip_size_lie.zip": ("import", "what comes out is counted, and not what the list of contents says"),
}
GOOD = {"good1.txt": "A good text.\n", "good2.jsonl": '{"text": "Another good text."}\n'}
findings, figures = [], []


def run(words):
    """Runs the program; gives exit code, output, seconds of the processor, and the most megabytes that it or a child of it took."""
    with tempfile.TemporaryFile() as out:
        start = time.monotonic()
        child = os.posix_spawn(binary, [binary, *words], dict(os.environ, USER="anna"), file_actions=[
            (os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, out.fileno(), 2)])
        _, status, usage = os.wait4(child, 0)
        seconds = usage.ru_utime + usage.ru_stime
        if time.monotonic() - start > CLOCK:
            findings.append(f"{words[2:5]}: more than {CLOCK} s by the clock")
        out.seek(0)
        return os.waitstatus_to_exitcode(status), out.read().decode("utf-8"), seconds, usage.ru_maxrss / 1024


def wanted(name):
    if name in OTHERWISE:
        return OTHERWISE[name][0]
    ours = name.split("_")[0].split(".")[0] not in UNREAD
    word = expected[name]["expect"]
    return word if ours or word == "either" else "refuse"


def texts(project, work):
    code, out, _, _ = run(["export", project, "--format", "jsonl", "--out", os.path.join(work, "out.jsonl")])
    if code == 2:
        return None, out
    with open(os.path.join(work, "out.jsonl"), encoding="utf-8", newline="\n") as lines:
        found = [json.loads(line)["text"] for line in lines]
    os.remove(os.path.join(work, "out.jsonl"))
    return found, out


def bring(names, work, good):
    """Imports files into a new project; gives the texts in it, the answer, seconds and megabytes."""
    project = os.path.join(work, "p.ron")
    run(["new", project])
    before = {entry: os.stat(os.path.join(folder, entry)).st_mtime_ns for entry in os.listdir(folder)}
    paths = [os.path.join(work, one) for one in good] + [os.path.join(folder, one) for one in names]
    code, out, seconds, megabytes = run(["import", project, *paths, "--json"])
    if code not in (0, 1):
        findings.append(f"{names[:3]}: exit {code}: {out[-400:]}")
        return None, {}, seconds, megabytes
    found, said = texts(project, work)
    if found is None:
        findings.append(f"{names[:3]}: the project cannot be read: {said[-400:]}")
    if {entry: os.stat(os.path.join(folder, entry)).st_mtime_ns for entry in os.listdir(folder)} != before:
        findings.append(f"{names[:3]}: something was written beside the bad files")
    extra = set(os.listdir(work)) - {"p.ron", "p.prev.ron", "p.journal", *good}
    extra = {one for one in extra if not one.startswith(".") and "journal" not in one}
    if extra:
        findings.append(f"{names[:3]}: something was written: {extra}")
    return found, json.loads(out.splitlines()[-1]), seconds, megabytes


def with_good():
    work = tempfile.mkdtemp()
    for name, content in GOOD.items():
        open(os.path.join(work, name), "w", encoding="utf-8", newline="").write(content)
    return work


base = None
for number, name in enumerate([None, *sorted(expected)]):
    work = with_good()
    names = [name] if name else []
    found, answer, seconds, megabytes = bring(names, work, list(GOOD))
    shutil.rmtree(work)
    if name is None:
        base = megabytes
        assert found is not None and len(found) == 2, found
        continue
    figures.append((seconds, megabytes - base, name))
    if found is None:
        continue
    if not {"A good text.\n", "Another good text."} <= set(found):
        findings.append(f"{name}: the good files are missing")
    own = [text for text in found if text not in ("A good text.\n", "Another good text.")]
    errors = [one["what"] for one in answer["problems"] if one["severity"] != "note"]
    word = wanted(name)
    if word == "refuse" and (own or not errors):
        findings.append(f"{name}: should be refused: {len(own)} articles, {errors[:1]}")
    if word == "import" and not own:
        findings.append(f"{name}: should be imported: {errors[:1]}")
    if own and "text" in expected[name] and word == "import" and own != [expected[name]["text"]]:
        findings.append(f"{name}: the text is different: {own[0][:40]!r}")
    if not own and not errors:
        findings.append(f"{name}: nothing came of it, and nothing was said")
    if any(". " not in one or "\x1b" in one or len(one) > 2000 for one in errors):
        findings.append(f"{name}: not a sentence on what, why and what to do: {errors[0][:300]!r}")
    if seconds > SECONDS:
        findings.append(f"{name}: {seconds:.1f} s")
    if megabytes - base > MEGABYTES:
        findings.append(f"{name}: {megabytes - base:.0f} MB more than without it")

work = with_good()
found, answer, seconds, megabytes = bring(sorted(expected), work, list(GOOD))
shutil.rmtree(work)
if found is None or not {"A good text.\n", "Another good text."} <= set(found):
    findings.append("all at once: the good files are missing")
figures.sort(reverse=True)
print(f"{len(figures)} files alone: slowest {figures[0][0]:.1f} s ({figures[0][2]}), "
      f"most memory {max(f[1] for f in figures):.0f} MB more ({max(figures, key=lambda f: f[1])[2]})")
print(f"all at once: {len(found or [])} articles, {len(answer.get('problems', []))} problems, {seconds:.1f} s, "
      f"{megabytes:.0f} MB at most")
for finding in findings:
    print("BAD", finding)
sys.exit(1 if findings else 0)
