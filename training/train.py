"""Learns the weights of bot/models/emergency.msgpack from training/data. See README.md beside this file.

python -m venv /tmp/train && /tmp/train/bin/pip install scikit-learn scipy numpy msgpack rapidfuzz chitchat-dataset==0.9.0
/tmp/train/bin/python -m training.train
"""

from __future__ import annotations

import html
import json
import math
import random
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import chitchat_dataset
import msgpack
import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from bot.core.linear import CLASSES, ZERO, char_grams, word_grams
from bot.core.spelling import SHORTEST, Spelling
from bot.core.words import tokens
from training import everyday
from training.misspell import misspell
from training.phone import phone

HERE = Path(__file__).parent
DATA = HERE / "data"
MODEL = HERE.parent / "bot" / "models" / "emergency.msgpack"
NOTHING, SMALL_TALK = "nothing", "small_talk"
PRIVATE_KINDS = frozenset(  # of texts labelled "ordinary": written to a friend, not to a helpline
    """advert apology appointment beauty birthday body boundaries car chain chat clothes commute complaint condolence cooking date
    dating delivery dentist device errands exercise family flirt flirting flu food friends game gaming goodbye gossip greeting gym
    hangover heat home house household joke kids love minor_injury money movie music party pet photo plans plant private rent sale
    school shift shopping sick_kid sickness sleep sport sports surgery thanks tired tow travel tv waking weather work""".split()
)
OPENERS = ("more6_openers", "more7_family_openers", "more7_self_openers", "more8_openers", "more9_openers", "more10_openers")
FOR_THE_SECOND = ("more9_", "more10_", "more11_", "more12_")  # rounds whose English the first reader is not taught: README.md
TIERS = {"explicit": "explicit", "passive": "passive", "third_party": "third_person"}

GRAVE = re.compile(
    r"\b(?:kill|suicid|die|dead|death|dying|overdos|heroin|fentanyl|narcan|opioid|drug|self.?harm|hurt myself|cut myself|"
    r"unconscious|not breathing|pass(?:ed|ing) out|worthless|hopeless|no reason to live|end it|my life|depress)"
)
GRAVEST = re.compile(r"suicid|kill(?:ing)? my ?self|overdos|want(?:ed)? to die")
MAY_BE_MEANT = re.compile(
    r"suicid|kill(?:ing|ed)? (?:my|him|her|them)\s?sel|overdos|want(?:ed)? to (?:die|kill)|self.?harm|hurt(?:ing)? my ?self|"
    r"cut(?:ting)? my ?self|no reason to live|end it all|worthless|hopeless|narcan|not breathing|unconscious|"
    r"wish i (?:was|were) dead|better off dead|unresponsive"
)
EVERYDAY = 40_000  # made-up private texts
PRIVATE_WEIGHT = 4.0
VADER = HERE / "vaderSentiment-3.3.2.tar.gz"  # pip download --no-deps --no-binary :all: vaderSentiment==3.3.2
MISSPELT_TALK, THUMBED_TALK = 0.15, 0.45
SEED = 20261121
STRENGTH = 8.0  # inverse of the penalty on weights; chosen by leaving whole kinds of text out
RAREST = 3  # a gram seen in fewer texts says more about one text than about people
CLASS_WEIGHT = {
    "nothing": 1.0,
    "small_talk": 4.0,  # those among our own texts; other people's have PRIVATE_WEIGHT or ORDINARY_WEIGHT
    "overdose": 2.0,
    "explicit": 2.5,
    "passive": 2.5,
    "third_person": 2.5,
}  # a miss costs more
OPENER_WEIGHT = 2.5  # the first words of families and people, which begin as many alarms do
NOISY_WEIGHT = 0.6  # all misspelt copies of a text together, beside the text itself
MISSPELT = 2  # copies, each with other slips
JOINED = 0.35  # share of texts that also appear beside another text, as in a story
TARGET_SEEN, KNOWN_SEEN = 4, 2  # how often our texts must hold a word to be mended to, and to be left alone
KEPT = 50_000  # grams of each sort, the weightiest; more did not change a figure
ORDINARY = 50_000  # utterances of other people's small talk, so that ordinary words weigh nothing
ORDINARY_WEIGHT = 0.5
POOL = 100_000  # more of their utterances, and EVERYDAY more made-up texts, of which only the hardest are learnt
HARDEST = 10_000
FIRST_LOOK = 60  # steps of the learning that finds them
ORDINARY_RAREST = 8  # a gram that only small talk holds must be common there: no names, nobody's own words


@dataclass(frozen=True)
class Text:
    text: str
    label: str
    kind: str
    weight: float = 1.0
    lang: str = "en"


def read(part: str) -> list[Text]:
    """All labelled texts of `part` ("train", "heldout" or "" for both)."""
    found = []
    for path in sorted(DATA.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if not part or row["part"] == part:
                kind = f"{path.stem}/{row.get('kind', row['label'])}"
                if path.stem in OPENERS:
                    found.append(Text(row["text"], NOTHING, kind, OPENER_WEIGHT, row["lang"]))
                else:
                    found.append(Text(row["text"], label(row), kind, lang=row["lang"]))
    return found


def label(row: dict[str, Any]) -> str:
    if row["label"] == "overdose":
        return "overdose"
    if row["label"] == "ordinary" and row["kind"] in PRIVATE_KINDS:
        return SMALL_TALK
    return TIERS[row["severity"]] if row["label"] == "suicide" else NOTHING


def grown(texts: list[Text], dice: random.Random) -> Iterator[Text]:
    """The texts, copies of each in short forms and misspelt, and stories: some among one to four ordinary helpline texts."""
    ordinary = [t for t in texts if t.label == NOTHING and t.kind.startswith("topics/")]
    for one in texts:
        yield one
        for copy in range(MISSPELT):
            thumbed = phone(one.text, dice) if copy == 0 and one.lang == "en" else misspell(one.text, dice)
            yield replace(one, text=thumbed, weight=one.weight * NOISY_WEIGHT / MISSPELT)
        if dice.random() < JOINED and ordinary:
            parts = [one.text, *(t.text for t in dice.sample(ordinary, dice.randint(1, 4)))]
            dice.shuffle(parts)
            yield replace(one, text=dice.choice((". ", " ", ", ")).join(parts), weight=one.weight * NOISY_WEIGHT)


def utterances() -> list[str]:
    """What strangers told each other in the chitchat-dataset package (BYU, MIT licence), read where it is installed."""
    told: set[str] = set()
    for talk in chitchat_dataset.Dataset().values():
        for turn in talk["messages"]:
            told.update(line["text"].strip() for line in turn)
    return sorted(text for text in told if 3 <= len(text) <= 400)


def small_talk() -> list[str]:
    """Utterances that hold no grave word at all."""
    return [text for text in utterances() if not GRAVE.search(text.lower())]


def figures_of_speech() -> list[str]:
    """Utterances with a grave word that is not meant: "my phone died", "that exam killed me". What may be meant is left out."""
    lowered = ((text, text.lower()) for text in utterances())
    return [text for text, low in lowered if GRAVE.search(low) and not MAY_BE_MEANT.search(low)]


def tweets() -> list[str]:
    """The anonymous tweets in the source package of vaderSentiment (MIT licence), without those that speak of suicide."""
    with tarfile.open(VADER) as package:
        inner = next(m for m in package.getmembers() if m.name.endswith("hutto_ICWSM_2014.tar.gz"))
        with tarfile.open(fileobj=package.extractfile(inner)) as held:
            found = held.extractfile(next(m for m in held.getmembers() if m.name.endswith("tweets_GroundTruth.txt")))
            lines = found.read().decode("utf-8", "replace").splitlines() if found else []
    told = [html.unescape(line.split("\t", 2)[2]).replace("@anonymous", "") for line in lines if line.count("\t") >= 2]
    return [text for text in told if not GRAVEST.search(text.lower())]


def ordinary(texts: list[str], weight: float, dice: random.Random) -> list[Text]:
    """`texts` as examples of small talk."""
    return [Text(thumbed(t, dice), SMALL_TALK, "ordinary", weight) for t in texts]


def thumbed(text: str, dice: random.Random) -> str:
    """Some misspelt, more in short forms, so that only what is said tells small talk from need, not how it is typed."""
    sort = dice.random()
    if sort < MISSPELT_TALK:
        return misspell(text, dice)
    return phone(text, dice) if sort < MISSPELT_TALK + THUMBED_TALK else text


Grams = Callable[[tuple[str, ...]], Iterable[str]]


def pieces(words: tuple[str, ...]) -> list[str]:
    return [gram for word in words for gram in char_grams(word)]


@dataclass
class Block:
    """One sort of gram: its index and its rarity (idf), and the matrix that the runtime's own norm gives."""

    grams: Grams
    index: dict[str, int]
    idf: np.ndarray

    @classmethod
    def learn(cls, grams: Grams, texts: list[tuple[str, ...]], ordinary: list[tuple[str, ...]]) -> Block:
        seen = Counter(gram for words in texts for gram in set(grams(words)))
        also = Counter(gram for words in ordinary for gram in set(grams(words)))
        kept = sorted({g for g, n in seen.items() if n >= RAREST} | {g for g, n in also.items() if n >= ORDINARY_RAREST})
        share = len(texts) / max(len(ordinary), 1)  # rarity as if both sorts of text were as many
        idf = np.array([math.log((1 + 2 * len(texts)) / (1 + seen[g] + also[g] * share)) + 1 for g in kept])
        return cls(grams, {g: i for i, g in enumerate(kept)}, idf)

    def matrix(self, texts: list[tuple[str, ...]]) -> sp.csr_matrix:
        data: list[float] = []
        columns: list[int] = []
        starts = [0]
        for words in texts:
            counts = Counter(self.index[g] for g in self.grams(words) if g in self.index)
            norm = math.sqrt(sum(n * self.idf[i] ** 2 for i, n in counts.items())) or 1.0
            columns.extend(counts)
            data.extend(n * self.idf[i] / norm for i, n in counts.items())
            starts.append(len(columns))
        return sp.csr_matrix((np.array(data, np.float32), columns, starts), shape=(len(texts), len(self.index)))


@dataclass
class Learnt:
    known: list[str]
    targets: int
    blocks: list[Block]
    weights: np.ndarray  # classes x grams, against NOTHING
    bias: np.ndarray


def vocabulary(clean: list[Text], talk: list[str]) -> tuple[list[str], int]:
    """Known words, the most frequent of our own texts first, and how many of them a slip may be mended to."""
    own = Counter(word for t in clean for word in tokens(t.text))
    others = Counter(word for text in talk for word in tokens(text))
    targets = [word for word, n in own.most_common() if n >= TARGET_SEEN and len(word) >= SHORTEST]
    rest = {w for w, n in own.items() if n >= KNOWN_SEEN} | {w for w, n in others.items() if n >= ORDINARY_RAREST}
    return [*targets, *sorted(rest - set(targets))], len(targets)


def learn(texts: list[Text], pool: list[str], known: list[str], targets: int) -> Learnt:
    """Learns from `texts`, then again with those of `pool`, all small talk, that the first learning finds most alarming."""
    spelling = Spelling(known, targets)
    worded = [spelling.mend(tokens(t.text)) for t in texts]
    own = [w for w, t in zip(worded, texts, strict=True) if t.kind != "ordinary"]
    others = [w for w, t in zip(worded, texts, strict=True) if t.kind == "ordinary"]
    blocks = [Block.learn(word_grams, own, others), Block.learn(pieces, own, others)]
    x = matrix(blocks, worded)
    labels = [t.label for t in texts]
    weights = [t.weight * (1 if t.kind == "ordinary" else CLASS_WEIGHT[t.label]) for t in texts]
    model = LogisticRegression(C=STRENGTH, max_iter=FIRST_LOOK, tol=1e-4, warm_start=True)
    model.fit(x, labels, np.array(weights, np.float32))
    hard = hardest(model, blocks, [spelling.mend(tokens(t)) for t in pool])
    model.set_params(max_iter=500)
    labels += [SMALL_TALK] * hard.shape[0]
    weights += [PRIVATE_WEIGHT] * hard.shape[0]
    model.fit(sp.vstack([x, hard]).tocsr(), labels, np.array(weights, np.float32))
    row = {name: i for i, name in enumerate(model.classes_)}
    rows = [row[name] for name in CLASSES]
    return Learnt(
        known,
        targets,
        blocks,
        model.coef_[rows] - model.coef_[row[NOTHING]],
        model.intercept_[rows] - model.intercept_[row[NOTHING]],
    )


def matrix(blocks: list[Block], worded: list[tuple[str, ...]]) -> sp.csr_matrix:
    return sp.hstack([block.matrix(worded) for block in blocks], dtype=np.float32).tocsr()


def hardest(model: LogisticRegression, blocks: list[Block], pool: list[tuple[str, ...]]) -> sp.csr_matrix:
    """The HARDEST of `pool` that `model` takes soonest for an alarm."""
    x = matrix(blocks, pool)
    shares = model.predict_proba(x)
    row = {name: i for i, name in enumerate(model.classes_)}
    alarm = shares[:, [row[name] for name in CLASSES if name != SMALL_TALK]].sum(axis=1)
    return x[np.argsort(-alarm / (alarm + shares[:, row[SMALL_TALK]]))[:HARDEST]]


def packed(block: Block, weights: np.ndarray) -> dict[str, object]:
    """The file form of one sort of gram: the weightiest KEPT, each weight in a step of 1/127 of the largest."""
    folded = weights * block.idf
    kept = sorted(np.argsort(-np.abs(weights).max(axis=0))[:KEPT])
    scale = float(np.abs(folded[:, kept]).max()) / 127
    rarity = float((block.idf[kept] ** 2).max()) / 255
    names = sorted(block.index, key=block.index.__getitem__)
    body = bytearray()
    for i in kept:
        for value in (*np.rint(folded[:, i] / scale).astype(int) + ZERO, round(block.idf[i] ** 2 / rarity)):
            body.append(value)
    return {"grams": "\n".join(names[i] for i in kept), "weights": bytes(body), "scale": scale, "rarity": rarity}


def save(learnt: Learnt, path: Path, texts: int) -> None:
    parts, at = [], 0
    for block in learnt.blocks:
        parts.append(packed(block, learnt.weights[:, at : at + len(block.index)]))
        at += len(block.index)
    made = {
        "format": 2,
        "made": "2026-11-22",
        "texts": texts,
        "classes": list(CLASSES),
        "known": "\n".join(learnt.known),
        "targets": learnt.targets,
        "bias": [float(b) for b in learnt.bias],
        "words": parts[0],
        "chars": parts[1],
    }
    path.write_bytes(msgpack.packb(made))


def taught(texts: list[Text]) -> Learnt:
    """The whole method: our texts with their misspelt copies, beside other people's ordinary ones."""
    dice = random.Random(SEED)
    own, talk = list(grown(texts, dice)), small_talk()
    words = vocabulary(texts, talk)
    dice.shuffle(talk)
    private = [*tweets(), *figures_of_speech(), *everyday.texts(EVERYDAY, dice)]
    sample = [*ordinary(talk[:ORDINARY], ORDINARY_WEIGHT, dice), *ordinary(private, PRIVATE_WEIGHT, dice)]
    pool = [*talk[ORDINARY : ORDINARY + POOL], *everyday.texts(EVERYDAY, dice)]
    return learn([*own, *sample], [thumbed(text, dice) for text in pool], *words)


def main() -> None:
    texts = [one for one in read("train") if one.lang != "en" or not one.kind.startswith(FOR_THE_SECOND)]
    learnt = taught(texts)
    save(learnt, MODEL, len(texts))
    sys.stdout.write(f"{MODEL}: {MODEL.stat().st_size} bytes from {len(texts)} texts\n")


if __name__ == "__main__":
    main()
