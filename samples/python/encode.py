"""Prints what an encoder saved by the library gives: python encode.py network.safetensors < sequences.json"""
import json, sys

from safetensors_file import load
from sequence_encoder import SequenceEncoder

weights, metadata = load(sys.argv[1])
network = SequenceEncoder(json.loads(metadata["seqred.form"]), json.loads(metadata["seqred.options"]))
network.load_state_dict(weights)
print(json.dumps(network.eval()(json.load(sys.stdin)).tolist()))
