"""
Trains an encoder saved by the library one step in PyTorch, towards encodings of small numbers, saves it for the
library, and prints what it then gives: python train.py network.safetensors trained.safetensors < sequences.json
"""
import json, sys

import torch

from safetensors_file import load, save
from sequence_encoder import SequenceEncoder

weights, metadata = load(sys.argv[1])
network = SequenceEncoder(json.loads(metadata["seqred.form"]), json.loads(metadata["seqred.options"])).eval()
network.load_state_dict(weights)
sequences = json.load(sys.stdin)
network(sequences).square().sum().backward()
torch.optim.SGD(network.parameters(), lr=0.01).step()
save(sys.argv[2], network.state_dict(), metadata)
print(json.dumps(network(sequences).tolist()))
