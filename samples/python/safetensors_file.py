"""Reads and writes safetensors files of single-precision weights without any package but PyTorch."""
import json

import torch


def load(path):
    """The weights by name, and the metadata."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = bytearray(file.read())
    metadata = header.pop("__metadata__", {})
    numbers = torch.frombuffer(data, dtype=torch.float32)
    weights = {
        name: numbers[entry["data_offsets"][0] // 4 : entry["data_offsets"][1] // 4].reshape(entry["shape"])
        for name, entry in header.items()
    }
    return weights, metadata


def save(path, weights, metadata):
    """Writes weights by name, with the metadata of the network they belong to."""
    header, data = {"__metadata__": metadata}, b""
    for name, weight in weights.items():
        numbers = weight.detach().cpu().to(torch.float32).contiguous().numpy().tobytes()
        header[name] = {
            "dtype": "F32", "shape": list(weight.shape), "data_offsets": [len(data), len(data) + len(numbers)],
        }
        data += numbers
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + data)
