"""The words under which groups and points are found, in the one form in which they are stored and asked for.

Words are folded: no capitals, no accents, and æ, ø and å written ae, oe and aa, so that every spelling of them meets.
`search_text` is made of folded words alone: the name on the first line, then a line for each search term, code and name
of a code, then, after an empty line, the description. What stands before the empty line weighs more.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

from adgang.lib.folding import folded

# A classification's number is one word; the signs between other letters and digits separate them.
WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
LONGEST = 60  # characters of a word that count
# Words that say nothing of what is looked for: "hvordan søger jeg pas til mit barn".
FILLERS = frozenset(
    (  # noqa: SIM905
        "af at de den der det du en er et for fra hos hvad hvem hvor hvordan i jeg jer kan man med mig min "
        "mine mit og om os over paa skal som til vi ved vil the to of and my how do "
    ).split()
)

_stemmer = snowballstemmer.stemmer("danish")


def words(text: str) -> list[str]:
    """Return the words of a text, folded, in their order."""
    return [word[:LONGEST] for word in WORD.findall(folded(text))]


def line(text: str) -> str:
    """Return the words of a text on one line."""
    return " ".join(words(text))


def document(name: str, lines: Iterable[str], description: str) -> str:
    """Return the `search_text` of a group or point; see the head of the module for its form."""
    head = [line(name), *(found for text in lines if (found := line(text)))]
    below = line(description)
    return "\n".join(head) + (f"\n\n{below}" if below else "")


def asked(text: str, *, most: int = 8) -> list[str]:
    """Return the words of a question, each once, without those that say nothing; of fillers alone all are kept."""
    found = list(dict.fromkeys(words(text)))
    telling = [word for word in found if word not in FILLERS]
    return (telling or found)[:most]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the Danish stem of a folded word: always the beginning of the word."""
    stemmed: str = _stemmer.stemWord(word)
    return stemmed if word.startswith(stemmed) else word


def trigrams(word: str) -> set[str]:
    """Return the groups of three letters in a word, with its edges: two blanks before it and one behind."""
    padded = f"  {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def likeness(one: str, other: str) -> float:
    """Return how much two words have in common, 0 to 1: shared trigrams of all, as PostgreSQL's `similarity`."""
    first, second = trigrams(one), trigrams(other)
    return len(first & second) / len(first | second)


def tolerated(word: str) -> int:
    """Return how many slips of the pen a word of this length may hold."""
    return 0 if len(word) < 4 or word.isdecimal() else 1 if len(word) < 7 else 2 if len(word) < 12 else 3


def distance(one: str, other: str, *, most: int) -> int:
    """Return how many letters must be changed, added, left out or swapped with their neighbour; `most` + 1 if more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    last: list[int] = []
    previous: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, previous, row = previous, row, [at]
        for there, sign in enumerate(other, 1):
            cost = min(previous[there] + 1, row[-1] + 1, previous[there - 1] + (letter != sign))
            if at > 1 and there > 1 and letter == other[there - 2] and sign == one[at - 2]:
                cost = min(cost, last[there - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)
