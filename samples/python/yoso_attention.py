"""YOSO attention in expectation form (Zeng et al. 2021), with the weights of PyTorch's own attention."""
import math

from torch import nn
from torch.nn.functional import linear, normalize


class YosoAttention(nn.MultiheadAttention):
    """A key weighs as much as its hash is likely to be the query's; the sum of values is brought to length 1."""

    def __init__(self, width, heads, bits):
        super().__init__(width, heads, batch_first=True)
        self.bits = bits

    def forward(self, query, key, value, key_padding_mask=None, **_):
        """Self-attention over tokens [B, T, D]; the mask is below 0 at keys that are not seen."""
        query, key, value = (part.unflatten(2, (self.num_heads, -1)).transpose(1, 2)
                             for part in linear(query, self.in_proj_weight, self.in_proj_bias).chunk(3, 2))
        cosine = normalize(query, dim=3) @ normalize(key, dim=3).transpose(2, 3)
        nearness = 1 - cosine.clamp(-1 + 1e-7, 1 - 1e-7).acos() / math.pi  # at 1 itself the slope has no end
        weights = (nearness ** self.bits).masked_fill(key_padding_mask[:, None, None] < 0, 0)
        return self.out_proj(normalize(weights @ value, dim=3).transpose(1, 2).flatten(2)), None
