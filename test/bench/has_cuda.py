"""Prints whether PyTorch sees a graphics card with CUDA, as JSON."""

import json

import torch

print(json.dumps(torch.cuda.is_available()))
