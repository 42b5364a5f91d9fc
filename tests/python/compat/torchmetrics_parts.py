"""What tests of the drop-in for torchmetrics share with the processes that they start."""

import pickle
import random
from pathlib import Path

import torch
import torchmetrics.text as peer

from textgauge.compat.torchmetrics import text as ours


def bits(value):
    """A value with the types and bits of its tensors, for comparison."""
    if isinstance(value, torch.Tensor):
        return (
            "tensor",
            value.dtype,
            value.device.type,
            tuple(value.shape),
            value.reshape(-1).view(torch.uint8).tolist(),
        )
    if isinstance(value, dict):
        return {key: bits(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [bits(each) for each in value]
    return type(value), value


def rows(count, seed=0):
    """Random predictions with one to three references."""
    draw = random.Random(seed)
    words = ["the", "cat", "sat", "on", "mat", ".", "A", "naïve", "1,5", "x-y", "dogs", "Running", "我爱"]
    text = lambda: " ".join(draw.choices(words, k=draw.randrange(14)))  # noqa: E731
    preds = [text() for _ in range(count)]
    target = [[text() for _ in range(draw.choice([1, 1, 2, 3]))] for _ in range(count)]
    for pred, references in zip(preds, target, strict=True):
        if draw.random() < 0.3:
            references[-1] = " ".join(sorted(pred.split(), key=lambda _: draw.random()))
    return preds, target


WITH_REFERENCES = ["BLEUScore", "CHRFScore", "TranslationEditRate", "ROUGEScore"]


def compute_together(rank, address, file):
    """One of two processes: updates metrics of both packages by rows of its own, and stores what all have together."""
    torch.distributed.init_process_group("gloo", init_method=address, rank=rank, world_size=2)
    results = []
    preds, target = rows(12, seed=rank)
    for name in [*WITH_REFERENCES, "WordErrorRate", "EditDistance"]:
        options = {"rouge_keys": ("rouge1", "rougeL")} if name == "ROUGEScore" else {}
        references = target if name in WITH_REFERENCES else [each[0] for each in target]
        metrics = [getattr(module, name)(**options) for module in (peer, ours)]
        for metric in metrics:
            metric.update(preds, references)
        results.append([bits(metric.compute()) for metric in metrics])
    torch.distributed.destroy_process_group()
    Path(f"{file}{rank}").write_bytes(pickle.dumps(results))
