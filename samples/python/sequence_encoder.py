"""The library's SequenceEncoder with softmax attention, of tokens or frames, from PyTorch's own layers."""
import math

import torch
from torch import nn


class TokenEncoder(nn.Module):
    """Embedding, pre-norm blocks and a last normalisation: the weights whose names begin with 'encoder.'."""

    def __init__(self, form, options):
        super().__init__()
        width, hidden = options["Width"], options["FeedForwardWidth"] or 4 * options["Width"]
        if form["FrameWidth"]:
            self.input = nn.Linear(form["FrameWidth"] + 1, width)
        else:
            self.embedding = nn.Embedding(form["TokenCount"] + 1, width)
        self.positions = nn.Embedding(form["MaxLength"], width)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width, options["Heads"], hidden, options["Dropout"], "gelu", batch_first=True, norm_first=True)
            for _ in range(options["Blocks"]))
        self.norm = nn.LayerNorm(width)

    def forward(self, batch, valid):
        """Ids [B, T], -1 where there is none, or frames [B, T, F + 1]; valid [B, T]. States [B, T, D]."""
        if batch.dim() == 2:
            x = self.embedding(batch.clamp(min=0)) * math.sqrt(self.norm.weight.numel()) * (batch >= 0).unsqueeze(2)
        else:
            x = self.input(batch)
        x = x + self.positions.weight[: batch.shape[1]]
        for block in self.blocks:
            x = block(x, src_key_padding_mask=~valid)
        return self.norm(x)


class SequenceEncoder(nn.Module):
    """One vector for each sequence."""

    def __init__(self, form, options):
        super().__init__()
        if options["Staircase"] or options.get("NGrams") or options["Attention"]["kind"] != "softmax":
            raise ValueError("Only encoders with softmax attention, without staircase and n-grams, are written here.")
        self.form, self.pooling = form, options["Pooling"]
        self.encoder = TokenEncoder(form, options)
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
