"""Files of tiny autoencoders, as their author publishes them, with weights by chance."""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

CHANNELS = 64


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for _ in range(3):
            layers += [nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1), nn.ReLU()]
        self.conv = nn.Sequential(*layers[:-1])

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = (self.conv(x) + x).relu()
        return found


class Clamp(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(x / 3) * 3


def plain(stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1, stride=stride, bias=False)


def decoder() -> nn.Sequential:
    layers: list[nn.Module] = [Clamp(), nn.Conv2d(4, CHANNELS, 3, padding=1), nn.ReLU()]
    for _ in range(3):
        layers += [Block(), Block(), Block(), nn.Upsample(scale_factor=2), plain()]
    return nn.Sequential(*layers, Block(), nn.Conv2d(CHANNELS, 3, 3, padding=1))


def encoder() -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(3, CHANNELS, 3, padding=1), Block()]
    for _ in range(3):
        layers += [plain(stride=2), Block(), Block(), Block()]
    return nn.Sequential(*layers, nn.Conv2d(CHANNELS, 4, 3, padding=1))


def write_halves(folder: Path, name: str = "taesd") -> tuple[nn.Sequential, nn.Sequential]:
    """What the files hold: encoder and decoder."""
    torch.manual_seed(1)
    halves = encoder(), decoder()
    for half, module in zip(("encoder", "decoder"), halves, strict=True):
        save_file(module.state_dict(), folder / f"{name}_{half}.safetensors")
    return halves
