"""The library's staircases and ladders over whole sequences (Ju et al. 2021), with its names of weights."""
import math

import torch
from torch import nn

from embedding import Embedded


class StaircaseBlock(nn.Module):
    """A pre-norm causal block with relative keys, whose tokens may see states that it does not update."""

    def __init__(self, width, heads, hidden):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = nn.ModuleDict({
            "proj_query": nn.Linear(width, width, bias=False),
            "proj_key_value": nn.Linear(width, 2 * width, bias=False),
            "proj_out": nn.Linear(width, width, bias=False),
        })
        self.linear1, self.linear2 = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x, seen, valid, relative_keys):
        """Tokens [B, T, D], those right before them [B, S, D], and which of all are real [B, S + T]; [B, T, D]."""
        before, normed = seen.shape[1], self.norm1(torch.cat([seen, x], 1))
        query, key, value = (part.unflatten(2, (self.heads, -1)).transpose(1, 2) for part in (
            self.attn["proj_query"](normed[:, before:]), *self.attn["proj_key_value"](normed).chunk(2, 2)))
        places = torch.arange(normed.shape[1])
        distance = places[before:, None] - places
        relative = relative_keys[distance.clamp(0, len(relative_keys) - 1)]
        logits = query @ key.transpose(2, 3) + torch.einsum("bhtk,tsk->bhts", query, relative)
        hidden = (distance < 0) | ~valid[:, None, None]
        weights = (logits / math.sqrt(query.shape[3])).masked_fill(hidden, -1e9).softmax(3)
        x = x + self.attn["proj_out"]((weights @ value).transpose(1, 2).flatten(2))
        return x + self.linear2(self.linear1(self.norm2(x)).relu())


class Staircase(Embedded):
    """The same blocks, row by row: each row takes the next chunk beside those that are not finished."""

    def __init__(self, form, options, hidden):
        super().__init__(form, options)
        self.kind, width, heads = options["Staircase"], options["Width"], options["Heads"]
        self.relative_keys = nn.Parameter(torch.empty(self.distances(), width // heads))
        self.layers = nn.ModuleList(StaircaseBlock(width, heads, hidden) for _ in range(options["Blocks"]))

    def forward(self, batch, valid):
        """Ids [B, T], -1 where there is none, or frames [B, T, F + 1]; valid [B, T]. States [B, T, D]."""
        x = self.embed(batch)
        done = states = x[:, :0]
        before = 0
        for first, end, entering, finished, seen in self.rows(x.shape[1]):
            states = torch.cat([states[:, first - before : entering - before], x[:, entering:end]], 1)
            before = first
            for layer in self.layers:
                states = layer(states, done[:, seen:], valid[:, seen:end], self.relative_keys)
            done = torch.cat([done, states[:, : finished - first]], 1)
        return self.norm(done)

    def rows(self, tokens):
        """For each row: its first token, one past its last, where new ones begin, what is finished, what is seen."""
        chunk, passes = self.kind["ChunkSize"], self.kind["Passes"]
        if self.kind["Variant"] == "Ladder":
            for row in range(passes):
                yield 0, tokens, tokens if row else 0, tokens if row == passes - 1 else 0, 0
            return
        cached = {"Cached": self.kind["CacheLength"], "GlobalCached": tokens}.get(self.kind["Variant"], 0)
        for row in range(-(-tokens // chunk) + passes - 1):
            oldest, end = (row - passes + 1) * chunk, min((row + 1) * chunk, tokens)
            first = max(oldest, 0)
            finished = min(oldest + chunk, tokens) if oldest >= 0 else first
            yield first, end, min(row * chunk, end), finished, max(oldest - cached, 0)

    def distances(self):
        """Distances with a vector of their own."""
        kind, most = self.kind, 1024
        if kind["Distances"] or kind["Variant"] == "GlobalCached":
            return kind["Distances"] or most
        if kind["Variant"] == "Ladder":
            return min(most, kind["SegmentLength"] + kind["CacheLength"]) if kind["SegmentLength"] else most
        return min(most, kind["ChunkSize"] * kind["Passes"] + kind["CacheLength"])
