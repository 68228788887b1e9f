"""How the library's encoders make vectors of tokens or frames: what Transformers and staircases share."""
import math

from torch import nn


class Embedded(nn.Module):
    """The embedding and the last normalisation of an encoder, whose weights' names begin with 'encoder.'."""

    def __init__(self, form, options):
        super().__init__()
        width = options["Width"]
        if form["FrameWidth"]:
            self.input = nn.Linear(form["FrameWidth"] + 1, width)
        else:
            self.embedding = nn.Embedding(form["TokenCount"] + 1, width)
        self.norm = nn.LayerNorm(width)

    def embed(self, batch):
        """Ids [B, T], -1 where there is none, or frames [B, T, F + 1]; vectors [B, T, D]."""
        if batch.dim() == 3:
            return self.input(batch)
        scale = math.sqrt(self.norm.weight.numel())
        return self.embedding(batch.clamp(min=0)) * scale * (batch >= 0).unsqueeze(2)
