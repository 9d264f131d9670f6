"""Learns bot/models/network.msgpack, the small network, from what the teacher said of many texts. See README.md beside this file.

/tmp/train/bin/python -m training.network    # after training.train and training.teacher; ten minutes on one core
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgpack
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from bot.content import emergency
from bot.core import language
from bot.core.linear import CLASSES
from bot.core.network import END, MOST_READ, NUMBER, START, UNKNOWN, ZERO
from bot.core.words import tokens
from training import everyday
from training.teacher import KEPT, LABELS
from training.train import SMALL_TALK, Text, read, small_talk, thumbed

MODEL = Path(__file__).parent.parent / "bot" / "models" / "network.msgpack"
DETECTORS, TONES, MEANING = 128, 48, 64  # MEANING: numbers of a word while learning; the file holds what they say to the others
WORDS = 10_000  # the most frequent, each in at least two texts
EPOCHS, BATCH, RATE = 12, 256, 2e-3
BY_LABEL, LABEL_ALONE = 0.3, 1.5  # weight of a text's label beside what the teacher said of it, and where it was not asked
TALK, MADE, TALK_ALONE = 50_000, 20_000, 0.5  # private texts that it was not asked about: others' and made up; their weight
FLOOR = -9.0  # a logarithm of a share below this is as good as none
CLOSE = 0.3  # weight of coming close to the teacher's scores themselves, beside their shares
UNHEARD = 0.03  # of the words are hidden while learning, so that an unknown one is no surprise
NONE = 0  # the row that stands for no word
SEED = 20261122
BEGIN = 11  # seed of the learning itself: of four that differ by a point, the best on the held-out texts


@dataclass(frozen=True)
class Lessons:
    """Rows of word numbers; the teacher's logarithms, NaN where it was not asked; the label's number or -1, and its weight."""

    rows: list[list[int]]
    said: torch.Tensor
    labels: torch.Tensor
    weights: torch.Tensor
    words: list[str]


class Net(nn.Module):
    def __init__(self, meanings: np.ndarray) -> None:
        super().__init__()
        self.meanings = nn.Embedding.from_pretrained(torch.tensor(meanings), freeze=False)
        self.detectors = nn.Conv1d(MEANING, DETECTORS, 3, padding=1)
        self.tones = nn.Linear(MEANING, TONES)
        self.out = nn.Linear(DETECTORS + TONES, len(LABELS))

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        there = rows != NONE
        words = functional.dropout(self.meanings(rows) * there[..., None], 0.1, self.training)
        heard = self.detectors(words.transpose(1, 2)).masked_fill(~there[:, None], -1e9).amax(2)
        together = words.sum(1) @ self.tones.weight.T / there.sum(1, keepdim=True).sqrt() + self.tones.bias
        told = functional.relu(torch.cat([heard, together], 1))
        return self.out(functional.dropout(told, 0.1, self.training))


def lessons(kept: Path) -> tuple[Lessons, np.ndarray]:
    """What is to be learnt, and the first meanings of the words."""
    linear = emergency.model([])
    if linear is None:
        raise SystemExit("run training.train first")
    with np.load(kept) as told:
        texts, labels, said = told["texts"].tolist(), told["labels"].tolist(), told["said"]
        names, vectors = told["names"].tolist(), told["vectors"].astype(np.float32)
    alone = by_label_alone(set(texts), random.Random(SEED))
    worded = [_read(linear.spelling.mend(tokens(text))) for text in [*texts, *(t.text for t in alone)]]
    seen = Counter(word for words in worded for word in sorted(set(words)))  # sorted, or a tie would fall another way in each run
    words = ["", UNKNOWN, START, END, *(w for w, n in seen.most_common(WORDS) if n > 1 and w not in (START, END))]
    row = {word: number for number, word in enumerate(words)}
    rows = [[row[START], *(row.get(word, row[UNKNOWN]) for word in one), row[END]] for one in worded]
    numbers = [LABELS.index(label) if label else -1 for label in [*labels, *(t.label for t in alone)]]
    silent = np.full((len(alone), len(LABELS)), np.nan, np.float32)
    said = torch.tensor(np.vstack([said, silent]).clip(FLOOR, 0))
    weights = torch.tensor([*(BY_LABEL for _ in labels), *(t.weight for t in alone)])
    return Lessons(rows, said, torch.tensor(numbers), weights, words), meanings(words, names, vectors)


def by_label_alone(asked: set[str], dice: random.Random) -> list[Text]:
    """Our English texts that the teacher was not asked about, and more private ones."""
    own = [t for t in read("train") if t.text not in asked and language.detect(tokens(t.text), "") != "es"]
    talk = [text for text in small_talk() if text not in asked]
    private = [*dice.sample(talk, TALK), *everyday.texts(MADE, dice)]
    told = [Text(t.text, t.label, t.kind, LABEL_ALONE) for t in own]
    return [*told, *(Text(thumbed(text, dice), SMALL_TALK, "ordinary", TALK_ALONE) for text in private)]


def _read(words: Sequence[str]) -> list[str]:
    return [NUMBER if word.isdigit() else word for word in words[:MOST_READ]]


def meanings(words: list[str], names: list[str], vectors: np.ndarray) -> np.ndarray:
    """The teacher's word vectors in their MEANING strongest directions; small noise for words that it does not know."""
    place = {name: i for i, name in enumerate(names)}
    known = [i for i, word in enumerate(words) if word in place]
    told = (vectors - vectors.mean(0))[[place[words[i]] for i in known]]
    _, _, directions = np.linalg.svd(told[:8000], full_matrices=False)
    turned = told @ directions[:MEANING].T
    made = np.random.default_rng(SEED).normal(0, 0.05, (len(words), MEANING)).astype(np.float32)
    made[known] = turned * (0.3 / turned.std())
    return made


def batches(rows: list[list[int]], dice: random.Random) -> Iterator[list[int]]:
    """Row numbers in batches of about the same length, in any order."""
    near = sorted(range(len(rows)), key=lambda i: len(rows[i]) + dice.random() * 6)
    cut = [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
    dice.shuffle(cut)
    yield from cut


def padded(rows: list[list[int]]) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [NONE] * (longest - len(row)) for row in rows])


def lost(scores: torch.Tensor, said: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """How far `scores` are from what the teacher said, and from the labels."""
    asked, labelled = ~torch.isnan(said[:, 0]), labels >= 0
    target, got = said[asked], scores[asked]
    far = -(target.exp() * torch.log_softmax(got, 1)).sum(1)
    apart = (got - got.mean(1, keepdim=True) - target + target.mean(1, keepdim=True)).square().mean(1)
    by_label = functional.cross_entropy(scores[labelled], labels[labelled], reduction="none")
    return (far.sum() + CLOSE * apart.sum() + (by_label * weights[labelled]).sum()) / len(scores)


def learn(told: Lessons, first: np.ndarray) -> Net:
    torch.manual_seed(BEGIN)
    dice, net = random.Random(BEGIN), Net(first)
    optimizer = torch.optim.Adam(net.parameters(), lr=RATE, weight_decay=1e-6)
    steps = EPOCHS * (len(told.rows) // BATCH + 1)
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: max(0.02, 1 - n / steps))
    unknown = told.words.index(UNKNOWN)
    for _ in range(EPOCHS):
        for batch in batches(told.rows, dice):
            rows = padded([told.rows[i] for i in batch])
            rows[(torch.rand(rows.shape) < UNHEARD) & (rows != NONE)] = unknown
            optimizer.zero_grad()
            lost(net(rows), told.said[batch], told.labels[batch], told.weights[batch]).backward()
            optimizer.step()
            rate.step()
    return net.eval()


def packed(net: Net, words: list[str]) -> dict[str, object]:
    """The file form: what each word says to each detector, as left, middle and right of three, and to each tone, a byte each."""
    meaning = net.meanings.weight.detach()
    parts = [meaning @ net.detectors.weight.detach()[:, :, at].T for at in range(3)]
    tones = meaning @ net.tones.weight.detach().T
    most = torch.stack([part.abs().amax(0) for part in parts]).amax(0)
    steps = torch.cat([most, tones.abs().amax(0)]) / (ZERO - 1)
    whole = torch.cat([*(part / steps[:DETECTORS] for part in parts), tones / steps[DETECTORS:]], 1).round().int() + ZERO
    return {
        "format": emergency.NETWORK_FORMAT,
        "classes": list(CLASSES),
        "words": "\n".join(words[1:]),
        "table": whole[1:].to(torch.uint8).numpy().tobytes(),
        "detectors": DETECTORS,
        "tones": TONES,
        "steps": steps.tolist(),
        "bias": torch.cat([net.detectors.bias, net.tones.bias]).tolist(),
        "out": net.out.weight.tolist(),
        "offsets": net.out.bias.tolist(),
    }


def main() -> None:
    told, first = lessons(KEPT)
    MODEL.write_bytes(msgpack.packb(packed(learn(told, first), told.words)))
    sys.stdout.write(f"{MODEL}: {MODEL.stat().st_size} bytes, {len(told.words)} words from {len(told.rows)} texts\n")


if __name__ == "__main__":
    main()
