"""The library's SequenceEncoder, of tokens or frames: Transformers with softmax or YOSO-E attention, staircases."""
import math

import torch
from torch import nn

from embedding import Embedded
from staircase import Staircase
from yoso_attention import YosoAttention


class Transformer(Embedded):
    """Pre-norm blocks that see the whole sequence, from PyTorch's own layers."""

    def __init__(self, form, options, hidden):
        super().__init__(form, options)
        self.positions = nn.Embedding(form["MaxLength"], options["Width"])
        self.blocks = nn.ModuleList(self.block(form, options, hidden) for _ in range(options["Blocks"]))

    def forward(self, batch, valid):
        """Ids [B, T], -1 where there is none, or frames [B, T, F + 1]; valid [B, T]. States [B, T, D]."""
        x = self.embed(batch) + self.positions.weight[: batch.shape[1]]
        for block in self.blocks:
            x = block(x, src_key_padding_mask=~valid)
        return self.norm(x)

    @staticmethod
    def block(form, options, hidden):
        width, heads, attention = options["Width"], options["Heads"], options["Attention"]
        # A function of ours keeps PyTorch from its fast path, which would not call another attention.
        block = nn.TransformerEncoderLayer(
            width, heads, hidden, options["Dropout"], lambda x: nn.functional.gelu(x), batch_first=True,
            norm_first=True)
        if attention["kind"] == "yoso":
            bits = attention["Bits"] or min(16, max(1, math.ceil(math.log2(form["MaxLength"]))))
            block.self_attn = YosoAttention(width, heads, bits)
        return block


class SequenceEncoder(nn.Module):
    """One vector for each sequence."""

    def __init__(self, form, options):
        super().__init__()
        attention, staircase = options["Attention"], options["Staircase"]
        if options.get("NGrams") or attention.get("Hashes") or attention.get("Convolution"):
            raise ValueError("N-grams, sampled YOSO and its convolution are not written here.")
        if staircase and staircase["AsPublished"]:
            raise ValueError("Staircases that begin with zeros, as published, are not written here.")
        self.form, self.pooling = form, options["Pooling"]
        self.encoder = (Staircase if staircase else Transformer)(
            form, options, options["FeedForwardWidth"] or 4 * options["Width"])
        if not staircase:
            self.mask = nn.Embedding(1, options["Width"])
        if form["FrameWidth"]:
            self.output = nn.Linear(options["Width"], form["FrameWidth"] + 1)

    def forward(self, sequences):
        """Lists of token ids, -1 where one is missing, or of frames; encodings [B, D]."""
        batch, valid = self.batch(sequences)
        states = self.encoder(batch, valid)
        if self.pooling != "Mean":
            place = torch.arange(valid.shape[1]).expand_as(valid)
            last = self.pooling == "LastToken"
            chosen = place.where(valid, -1).amax(1) if last else place.where(valid, len(place[0])).amin(1)
            valid = place == chosen.unsqueeze(1)
        weights = valid.to(states.dtype).unsqueeze(2)
        return (states * weights).sum(1) / weights.sum(1).clamp(min=1)

    def batch(self, sequences):
        """Sequences side by side; one end marker follows each that is shorter than the longest allowed."""
        longest, width = self.form["MaxLength"], self.form["FrameWidth"]
        lengths = [min(len(sequence), longest) for sequence in sequences]
        tokens = min(max(lengths) + 1, longest)
        batch = torch.zeros(len(sequences), tokens, width + 1) if width else torch.full((len(sequences), tokens), -1)
        valid = torch.zeros(len(sequences), tokens, dtype=torch.bool)
        for row, (sequence, length) in enumerate(zip(sequences, lengths)):
            if width:
                frames = torch.tensor(sequence[:length], dtype=torch.float32).reshape(length, width)
                real = ~frames.isnan().any(1)
                batch[row, :length, :width] = frames.where(real.unsqueeze(1), torch.zeros(1))
                batch[row, :length, width] = real
            else:
                batch[row, :length] = torch.tensor(sequence[:length], dtype=torch.long)
                real = batch[row, :length] >= 0
            valid[row, :length] = real
            if length < longest:
                valid[row, length] = True
                if not width:
                    batch[row, length] = self.form["TokenCount"]
        return batch, valid
