"""Edge articles in Rubricate's own JSON Lines; the same bytes in every run."""

import json
import random

SCRIPTS = {
    "latin": ["Zoë", "Łódź", "naïve", "Straße", "O’Brien", "e\u0301te\u0301", "Ho\u0302\u0323i"],
    "greek": ["Αθήνα", "Νίκος", "προϋπολογισμός"],
    "cyrillic": ["Москва", "Пётр", "Київ"],
    "arabic": ["محمد", "الحكومة", "القاهرة"],
    "hebrew": ["דוד", "יְרוּשָׁלַיִם", "ממשלה"],
    "devanagari": ["नरेन्द्र", "दिल्ली", "सरकार"],
    "thai": ["กรุงเทพ", "น้ำ", "รัฐบาล"],
    "hangul": ["서울", "\u1109\u1165\u110b\u116e\u11af", "정부는"],
    "han": ["張偉", "𠮷田健", "新港市"],
    "georgian": ["თბილისი", "საქართველო"],
    "emoji": ["👍", "👩‍👩‍👧‍👦", "🇪🇺", "🧑🏽‍🔬", "❤️"],
}
BETWEEN = [" "] * 12 + ["  ", "\u00a0", "\t", "\n", "\n\n", "\r\n", "\r\n\r\n", ", ", ". ", ".\n", " – ", "-", "\u2028", "\u200b"]
LABELS = {
    "entity": ["person", "organization", "place", "date", "amount", "event"],
    "claim": ["claim", "counter-claim", "evidence"],
    "boilerplate": ["boilerplate"],
}
LAYER = {label: layer for layer, labels in LABELS.items() for label in labels}

# Text, then spans: label, then the words of each fragment; a pair of words and number takes another hit than the first.
BY_HAND = [
    ("Angela Merkel said in Köln 👍 that taxes will rise 3 %.", ("person", "Angela Merkel"), ("place", "Köln"), ("amount", "3 %"),
     ("claim", "taxes will rise 3 %"), ("evidence", "👍")),
    # The same text twice.
    ("The University of New York closed.", ("organization", "University of New York"), ("place", "New York")),
    ("The University of New York closed.", ("place", "York"), ("event", "New York closed")),
    # Crossing.
    ("One two three four five six.", ("claim", "One two three"), ("counter-claim", "three four five"), ("person", "two three four"),
     ("place", "four five six")),
    # Fragments, touching each other's text.
    ("Ministers, he said, will not resign, they added, before May.", ("claim", "Ministers", "will not resign", "before May"),
     ("person", "he"), ("counter-claim", "he said", "they added"), ("organization", "Mini", "sters")),
    # One place, several labels; and one label twice.
    ("Washington decided.", ("place", "Washington"), ("organization", "Washington"), ("person", "Washington"), ("claim", "Washington"),
     ("place", "Washington")),
    # Line ends of all kinds.
    ("Title\r\n\r\nFirst line\r\nsecond\rthird\nfourth\u2028fifth\u2029sixth\r\n", ("claim", "First line\r\nsecond\rthird"),
     ("boilerplate", "Title\r\n\r\n"), ("place", "\r"), ("person", "fourth\u2028fifth"), ("event", "sixth\r\n")),
    # Blanks at the edges of the text and of spans.
    ("  \t Leading and trailing.\n\n ", ("person", "  \t Leading"), ("place", "trailing.\n\n "), ("date", " ")),
    # Characters of several code points and of two units.
    ("A👩‍👩‍👧‍👦B🇪🇺C e\u0301x n\u0303 𝔘𝔫𝔦 𠮷田", ("person", "👩‍👩‍👧‍👦"), ("place", "🇪🇺"), ("date", "e\u0301x"),
     ("amount", "𝔘𝔫𝔦"), ("organization", "𠮷田"), ("event", "B🇪🇺C"), ("claim", "𝔫𝔦 𠮷")),
    # Amid a character.
    ("x e\u0301 y 👨‍👩‍👧 z", ("person", "e"), ("place", "\u0301 y"), ("date", "👨"), ("event", "\u200d👩")),
    # Right to left, with numbers and Latin amid it.
    ("قالت الحكومة إن 25% من سكان Berlin 2024 غادروا. דוד בן־גוריון אמר.", ("organization", "الحكومة"), ("amount", "25%"),
     ("place", "Berlin"), ("person", "דוד בן־גוריון"), ("claim", "25% من سكان Berlin 2024 غادروا")),
    # Whatever XML, tabs, quotation marks and markup could trip over.
    ("<b>AT&T</b> said \"no\" & 'yes' ]]> <!-- x --> \\n \\t {a:1} [x] a;b|c_d *\n# not a comment\nT1\tperson 0 3\tx", ("organization", "AT&T"),
     ("claim", "\"no\" & 'yes' ]]>"), ("person", "<b>AT&T</b>"), ("place", "\\n \\t {a:1}"), ("event", "# not a comment\nT1\tperson"),
     ("date", "a;b|c_d *")),
    # A mark at the beginning and characters without width.
    ("\ufeffMark, zero\u200bwidth, soft\u00adhyphen, \u202bembedded\u202c.", ("person", "\ufeffMark"), ("place", "zero\u200bwidth"),
     ("event", "soft\u00adhyphen"), ("date", "\u202bembedded\u202c")),
    # Control characters, which XML cannot hold.
    ("Bell\u0007 rings\u000c and \u0001 \u001f ends.", ("event", "Bell\u0007 rings"), ("person", "ends"), ("place", "and \u0001")),
    # One character, the whole text, a long word.
    ("x", ("person", "x")),
    ("Nothing but this.", ("claim", "Nothing but this.")),
    ("y" * 3_000 + " " + "z" * 3_000, ("person", "y" * 3_000), ("place", "z" * 10)),
    ("No spans here at all.",),
    (" \n ",),
    # Numbers and marks that tokenizers cut differently.
    ("Paid $1,234.56 on 2024-05-14 at 6:30 p.m., i.e. 12°C—don’t e-mail a@b.co.uk!", ("amount", "$1,234.56"), ("amount", "1"),
     ("date", "2024-05-14 at 6:30 p.m."), ("person", "n’t"), ("place", "b.co"), ("event", "12°C—don")),
    ("他说，新港市政府将在2024年提高税收。张伟不同意。", ("place", "新港市"), ("organization", "新港市政府"), ("date", "2024年"),
     ("claim", "新港市政府将在2024年提高税收"), ("person", "张伟"), ("event", "年提")),
    ("one word " * 200, ("claim", "one word " * 150), ("person", "one word one")),
]


class Line:
    """One article of one annotator."""

    def __init__(self, article, annotator, text):
        self.fields = {
            "id": article, "title": f"Article {article}", "language": "en", "text": text, "unit": "code points",
            "state": "done" if annotator else "new", "annotator": annotator, "spans": [], "relations": [], "article_labels": [],
        }
        self.count = 0

    def span(self, label, parts, attributes=None, **more):
        text = self.fields["text"]
        self.count += 1
        fragments = [{"start": start, "end": end, "quote": text[start:end]} for start, end in parts]
        self.fields["spans"].append({
            "id": f"s{self.fields['id']}{self.fields['annotator']}{self.count}", "layer": LAYER[label], "label": label,
            "start": parts[0][0], "end": parts[-1][1], "fragments": fragments, "attributes": attributes or {}, "origin": "typed", **more,
        })

    def relate(self, kind, one, other):
        spans = self.fields["spans"]
        number = len(self.fields["relations"]) + 1
        self.fields["relations"].append({
            "id": f"r{self.fields['id']}{self.fields['annotator']}{number}", "kind": kind, "from": spans[one]["id"], "to": spans[other]["id"],
            "attributes": {}, "origin": "typed",
        })


def by_hand(number, text, spans):
    line = Line(f"hand{number:02}", "anna" if spans else None, text)
    for label, *quotes in spans:
        parts, at = [], 0
        for quote in quotes:
            at = text.index(quote, at)
            parts.append((at, at + len(quote)))
            at += len(quote)
        more = {"attributes": {"kind": "prediction", "check-worthy": True}} if label == "claim" else {}
        line.span(label, parts, **more)
    if len(spans) > 2:
        line.relate("same-as", 0, 1)
        line.relate("supports", 2, 0)
    return line


def by_chance(number, chance):
    words, places, at = [], [], 0
    for _ in range(chance.randint(15, 70)):
        word = chance.choice(SCRIPTS[chance.choice(list(SCRIPTS))])
        places.append((at, at + len(word)))
        words += [word, chance.choice(BETWEEN)]
        at += len(word) + len(words[-1])
    text = "".join(words)
    lines = []
    for annotator in ["anna", "ben"][: chance.randint(1, 2)]:
        line = Line(f"chance{number:02}", annotator, text)
        for _ in range(chance.randint(0, 9)):
            label = chance.choice(list(LAYER))
            first = chance.randrange(len(places))
            last = min(len(places) - 1, first + chance.choice([0, 0, 0, 1, 1, 2, 5]))
            start, end = places[first][0], places[last][1]
            if chance.random() < 0.15:
                # Amid words, and amid characters.
                start += chance.randrange(end - start)
            parts = [(start, end)]
            if chance.random() < 0.15 and last + 3 < len(places) and label != "boilerplate":
                parts.append(places[last + 2])
            line.span(label, parts)
        count = len(line.fields["spans"])
        for _ in range(count // 3):
            one, other = chance.sample(range(count), 2)
            line.relate("same-as", one, other)
        lines.append(line)
    return lines


def write(path):
    chance = random.Random(28)
    lines = [by_hand(number, text, spans) for number, (text, *spans) in enumerate(BY_HAND)]
    for number in range(40):
        lines += by_chance(number, chance)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(json.dumps(line.fields, ensure_ascii=False) + "\n")
