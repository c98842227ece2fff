"""An index of texts that is asked by words: word order free, other forms and typos forgiven.

What people look for is told by how many of their words a text has before anything else;
among equals, by where they stand and how rare they are. The index is one table of SQLite,
so that whoever keeps things beside it (names, kinds, dates) keeps them in the same file.
"""

from __future__ import annotations

import difflib
import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# Words so short or so common, or so bound to a question, that a search does not hang on them.
SMALL = frozenset(
    (
        *("a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "it", "of", "on"),
        *("or", "that", "the", "to", "was", "were", "with", "be", "been", "are", "its"),
        *("who", "whom", "whose", "what", "which", "when", "where", "how", "why"),
        *("did", "do", "does", "has", "have", "had", "there", "this", "these"),
    )
)
# Verbs whose forms no ending tells, with nouns made of them; what the stemmer joins is left out.
_IRREGULAR = """
arise arose arisen / beat beaten / become became / begin began begun beginning / bear bore borne
bind bound / break broke broken / bring brought / build built / buy bought / catch caught
choose chose chosen choice / come came / deal dealt / die died dead death / draw drew drawn
drive drove driven / fall fell fallen / feel felt / fight fought / find found / flee fled flight
fly flew flown / forbid forbade forbidden / forget forgot forgotten / freeze froze frozen
get got gotten / give gave given / go went gone / grow grew grown / hear heard / hide hid hidden
hold held / keep kept / know knew known / lead led / leave left / lend lent / lie lay lain
lose lost loss / make made / mean meant / meet met / overthrow overthrew overthrown / pay paid
rise rose risen / run ran / say said / see saw seen / seek sought / sell sold / send sent
shake shook shaken / shoot shot / show shown / speak spoke spoken speech / spend spent
stand stood / steal stole stolen / strike struck / swear swore sworn / take took taken
teach taught / tell told / think thought / throw threw thrown / undertake undertook undertaken
understand understood / win won / withdraw withdrew withdrawn withdrawal
withhold withheld / write wrote written / deny denied denial
decide decided decision / invade invaded invasion / succeed successor succession
"""
FORMS: Mapping[str, tuple[str, ...]] = {
    word: tuple(group.split())
    for group in re.split(r"\s/\s|\n", _IRREGULAR)
    for word in group.split()
}
TABLES = (
    "CREATE VIRTUAL TABLE texts USING fts5(names, other, says, around,"
    " tokenize='porter unicode61 remove_diacritics 2');"
    "CREATE TABLE words (word TEXT PRIMARY KEY, count INTEGER);"
)


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return re.findall(r"\w+", text.casefold().replace("ё", "е"))


@dataclass(frozen=True)
class Rank:
    """How well a text fits: in which form the words stand, how many are missing, and how common
    the rarest of those that are there is (in powers of four)."""

    tier: int
    missing: int
    common: int
    score: float


@dataclass
class Asked:
    """The words of a search as they were understood, and the texts that have them, by row."""

    words: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    ranks: dict[int, Rank] = field(default_factory=dict)
    # How many words a text should have.
    most: int = 0


class Texts:
    """Searches a table of texts; see :data:`TABLES`."""

    def __init__(self, index: sqlite3.Connection) -> None:
        self.index = index

    def fill(self, rows: Iterable[tuple[int, str, str, str, str]]) -> None:
        """Put texts in: number, names, other names, what is said, words around it."""
        counts: Counter[str] = Counter()
        for row in rows:
            self.index.execute(
                "INSERT INTO texts(rowid, names, other, says, around) VALUES (?,?,?,?,?)", row
            )
            counts.update(words_of(" ".join(row[1:])))
        self.index.executemany("INSERT INTO words VALUES (?,?)", counts.items())

    def search(self, text: str) -> Asked:
        """The texts that have some of the words."""
        asked = Asked(words_of(text))
        if not asked.words:
            return asked
        corrected: dict[str, str] = {}
        asked.terms = [self._term(word, asked.remarks, corrected) for word in asked.words]
        asked.words = [corrected.get(word, word) for word in asked.words]
        pairs = list(zip(asked.words, asked.terms, strict=True))
        weighty = list(dict.fromkeys(t for w, t in pairs if w not in SMALL)) or asked.terms
        asked.most = len(weighty)
        tiers = _tiers(asked.words, asked.terms, weighty)
        for tier, query in enumerate(tiers):
            for row, score in self.index.execute(
                "SELECT rowid, bm25(texts, 10, 6, 3, 1) FROM texts WHERE texts MATCH ?", (query,)
            ):
                asked.ranks.setdefault(row, Rank(tier, 0, 0, score))
        self._count(asked, weighty, len(tiers) - 1)
        return asked

    def _count(self, asked: Asked, weighty: Sequence[str], last: int) -> None:
        """How many of the words those have that have some, and how common these are."""
        having = [{row for (row,) in self.index.execute(_HAVING, (term,))} for term in weighty]
        for row, rank in asked.ranks.items():
            if rank.tier == last:
                there = [len(rows) for rows in having if row in rows]
                common = int(math.log(min(there, default=1), 4))
                asked.ranks[row] = Rank(last, len(having) - len(there), common, rank.score)

    def _term(self, word: str, remarks: list[str], corrected: dict[str, str]) -> str:
        """A word as the index understands it: by prefix in Russian, corrected where unknown."""
        if re.search(r"[а-яё]", word):
            return f'"{word[: max(4, len(word) - 3)]}"*' if len(word) > 4 else f'"{word}"*'
        if word in FORMS:
            return "(" + " OR ".join(f'"{form}"' for form in FORMS[word]) + ")"
        if self._known(f'"{word}"'):
            return f'"{word}"'
        if len(word) > 3 and self._known(f'"{word}"*'):
            return f'"{word}"*'
        known = [
            row[0]
            for row in self.index.execute(
                "SELECT word FROM words WHERE length(word) BETWEEN ? AND ?",
                (len(word) - 2, len(word) + 2),
            )
        ]
        # Of a short word, one letter is much.
        cutoff = 0.75 if len(word) > 3 else 0.66
        near = difflib.get_close_matches(word, known, n=3, cutoff=cutoff)
        # What is as long, and begins as it does, is likelier meant than a part of it.
        near.sort(key=lambda one: (len(one) != len(word), one[:1] != word[:1]))
        if not near:
            return f'"{word}"'
        corrected[word] = near[0]
        remarks.append(f'"{word}" stands nowhere; looked for {", ".join(near)}')
        return "(" + " OR ".join(f'"{one}"' for one in near) + ")"

    def _known(self, term: str) -> bool:
        row = self.index.execute("SELECT 1 FROM texts WHERE texts MATCH ? LIMIT 1", (term,))
        return row.fetchone() is not None


_HAVING = "SELECT rowid FROM texts WHERE texts MATCH ?"


def _tiers(words: Sequence[str], terms: Sequence[str], weighty: Sequence[str]) -> list[str]:
    """Queries from the narrowest to the widest."""
    phrase = '"' + " ".join(words) + '"'
    both = " AND ".join(terms)
    return [
        f"{{names other}} : {phrase}",
        f"says : {phrase}",
        f"{{names other}} : ({both})",
        f"{{names other says}} : ({both})",
        both,
        " AND ".join(weighty),
        " OR ".join(weighty),
    ]
