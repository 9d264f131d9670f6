"""Learns bot/models/network.msgpack, the small network, from what the teacher said of many texts. See README.md beside this file.

/tmp/train/bin/python -m training.network    # after training.train and training.teacher; an hour on two cores
"""

from __future__ import annotations

import random
import string
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgpack
import numpy as np
import torch
from torch.nn import functional

from bot.content import emergency
from bot.core import language
from bot.core.linear import CLASSES
from bot.core.network import MOST_READ
from bot.core.pieces import END, INSIDE, NOTHING, START, UNKNOWN, Pieces, signs
from bot.core.words import tokens
from training import everyday
from training.encoder import NO_PIECE, Encoder, begun, minilm, packed
from training.phone import phone
from training.teacher import KEPT, LABELS
from training.train import SMALL_TALK, Text, read, small_talk, thumbed

MODEL = Path(__file__).parent.parent / "bot" / "models" / "network.msgpack"
PIECES = 9_000  # the most frequent of MiniLM's 30,000: 99 in 100 pieces of our texts; the rest is spelt in smaller ones
EPOCHS, BATCH = 5, 4096  # of pieces
RATE, RATE_OUT, WARM_UP = 1.6e-4, 6e-4, 200
BY_LABEL, LABEL_ALONE = 0.3, 1.5  # weight of a text's label beside what the teacher said of it, and where it was not asked
TALK, MADE, TALK_ALONE = 60_000, 15_000, 0.5  # private texts that it was not asked about: others' and made up; their weight
FLOOR = -9.0  # a logarithm of a share below this is as good as none
CLOSE = 0.3  # weight of coming close to the teacher's scores themselves, beside their shares
SMOOTHING = 0.02
SEED = 20261122


@dataclass(frozen=True)
class Lessons:
    """Rows of piece numbers; the teacher's logarithms, NaN where it was not asked; the label's number or -1, and its weight."""

    rows: list[list[int]]
    said: torch.Tensor
    labels: torch.Tensor
    weights: torch.Tensor


def lessons(kept: Path, known: dict[str, int]) -> tuple[Lessons, list[str]]:
    """What is to be learnt, and the pieces it is told in. `known`: all that MiniLM has."""
    with np.load(kept) as told:
        texts, labels, said = told["texts"].tolist(), told["labels"].tolist(), told["said"]
    asked, dice = set(texts), random.Random(SEED)
    own = [i for i, label in enumerate(labels) if label not in ("", SMALL_TALK)]
    texts += [phone(texts[i], dice) for i in own]  # means what it meant in full: the teacher need not be asked again
    labels, said = [*labels, *(labels[i] for i in own)], np.vstack([said, said[own]])
    alone = by_label_alone(asked, dice)
    worded = [signs(text) for text in [*texts, *(t.text for t in alone)]]
    pieces = frequent(worded, known)
    reader = Pieces({piece: number for number, piece in enumerate(pieces)})

    rows = [list(reader.read(words, MOST_READ)) for words in worded]
    numbers = [LABELS.index(label) if label else -1 for label in [*labels, *(t.label for t in alone)]]
    silent = np.full((len(alone), len(LABELS)), np.nan, np.float32)
    weights = torch.tensor([*(BY_LABEL for _ in labels), *(t.weight for t in alone)])
    return Lessons(rows, torch.tensor(np.vstack([said, silent]).clip(FLOOR, 0)), torch.tensor(numbers), weights), pieces


def by_label_alone(asked: set[str], dice: random.Random) -> list[Text]:
    """Our English texts that the teacher was not asked about, and more private ones."""
    own = [t for t in read("train") if t.text not in asked and language.detect(tokens(t.text), "") != "es"]
    talk = [text for text in small_talk() if text not in asked]
    private = [*dice.sample(talk, TALK), *everyday.texts(MADE, dice)]
    told = [Text(t.text, t.label, t.kind, LABEL_ALONE) for t in own]
    return [*told, *(Text(thumbed(text, dice), SMALL_TALK, "ordinary", TALK_ALONE) for text in private)]


def frequent(worded: Sequence[Sequence[str]], known: dict[str, int]) -> list[str]:
    """PIECES of those that MiniLM has: the marks, all letters and digits, and what these texts hold most often."""
    reader, names = Pieces(known), {number: piece for piece, number in known.items()}
    seen: Counter[str] = Counter()
    for word, times in Counter(word for words in worded for word in words).items():
        for number in reader.read((word,), MOST_READ)[1:-1]:
            seen[names[number]] += times
    letters = [*string.ascii_lowercase, *string.digits]
    always = [NOTHING, UNKNOWN, START, END, *letters, *(INSIDE + letter for letter in letters), *string.punctuation]
    more = (piece for piece, _ in sorted(seen.items(), key=lambda one: (-one[1], one[0])) if piece not in always)
    return [*always, *(piece for piece, _ in zip(more, range(PIECES - len(always)), strict=False))]


def batches(rows: Sequence[list[int]], dice: random.Random) -> Iterator[list[int]]:
    """Row numbers in batches of about the same length and BATCH pieces, in any order."""
    cut: list[list[int]] = [[]]
    for number in sorted(range(len(rows)), key=lambda i: len(rows[i]) + dice.random() * 4):
        if (len(cut[-1]) + 1) * len(rows[number]) > BATCH:
            cut.append([])
        cut[-1].append(number)
    dice.shuffle(cut)
    yield from cut


def padded(rows: Sequence[list[int]]) -> torch.Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [NO_PIECE] * (longest - len(row)) for row in rows])


def lost(scores: torch.Tensor, said: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """How far `scores` are from what the teacher said, and from the labels."""
    asked, labelled = ~torch.isnan(said[:, 0]), labels >= 0
    target, got = said[asked], scores[asked]
    far = -(target.exp() * torch.log_softmax(got, 1)).sum(1)
    apart = (got - got.mean(1, keepdim=True) - target + target.mean(1, keepdim=True)).square().mean(1)
    by_label = functional.cross_entropy(scores[labelled], labels[labelled], reduction="none", label_smoothing=SMOOTHING)
    return (far.sum() + CLOSE * apart.sum() + (by_label * weights[labelled]).sum()) / len(scores)


def learn(told: Lessons, net: Encoder) -> Encoder:
    torch.manual_seed(SEED)
    dice = random.Random(SEED)
    out = list(net.out.parameters())
    body = [one for name, one in net.named_parameters() if not name.startswith("out.")]
    optimizer = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": out, "lr": RATE_OUT}], weight_decay=0.01)
    steps = EPOCHS * sum(1 for _ in batches(told.rows, dice))
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: min(1, (n + 1) / WARM_UP) * max(0.01, 1 - n / steps))
    net.train()
    for _ in range(EPOCHS):
        for batch in batches(told.rows, dice):
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = net(padded([told.rows[i] for i in batch]))
            lost(scores.float(), told.said[batch], told.labels[batch], told.weights[batch]).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            rate.step()
    return net.eval()


def save(net: Encoder, pieces: Sequence[str], path: Path) -> None:
    told = {"format": emergency.NETWORK_FORMAT, "classes": list(CLASSES), "pieces": "\n".join(pieces), "encoder": packed(net)}
    path.write_bytes(msgpack.packb(told))


def main() -> None:
    known, learnt = minilm()
    told, pieces = lessons(KEPT, dict(known))
    net = begun(Encoder(len(pieces), len(LABELS)), [known[piece] for piece in pieces], learnt)
    save(learn(told, net), pieces, MODEL)
    sys.stdout.write(f"{MODEL}: {MODEL.stat().st_size} bytes, {len(pieces)} pieces from {len(told.rows)} texts\n")


if __name__ == "__main__":
    main()
