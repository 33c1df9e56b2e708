"""The variational autoencoder of latent diffusion models, built from the shapes of its weights.

Rombach et al. 2022, section 3.1 (KL-f8, and its successors with more channels).
"""

from torch import Tensor, nn
from torch.nn import functional

from hub.engine.models.layers import Conv2d, GroupNorm, attention
from hub.engine.models.shapes import Shapes


class ResnetBlock(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.norm1 = GroupNorm.of(shapes.below("norm1"), eps=1e-6)
        self.conv1 = Conv2d.of(shapes.below("conv1"))
        self.norm2 = GroupNorm.of(shapes.below("norm2"), eps=1e-6)
        self.conv2 = Conv2d.of(shapes.below("conv2"))
        outgoing, incoming = shapes.shape("conv1.weight")[:2]
        if outgoing != incoming or "nin_shortcut" in shapes:
            self.nin_shortcut = Conv2d.of(shapes.below("nin_shortcut"))

    def forward(self, x: Tensor) -> Tensor:
        h = self.conv1(functional.silu(self.norm1(x)))
        h = self.conv2(functional.silu(self.norm2(h)))
        return (self.nin_shortcut(x) if hasattr(self, "nin_shortcut") else x) + h


class AttentionBlock(nn.Module):
    """Attention of all places to all places, with a single head."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.norm = GroupNorm.of(shapes.below("norm"), eps=1e-6)
        self.q = Conv2d.of(shapes.below("q"))
        self.k = Conv2d.of(shapes.below("k"))
        self.v = Conv2d.of(shapes.below("v"))
        self.proj_out = Conv2d.of(shapes.below("proj_out"))

    def forward(self, x: Tensor) -> Tensor:
        h = self.norm(x)
        q, k, v = (part(h).flatten(2).transpose(1, 2) for part in (self.q, self.k, self.v))
        mixed = attention(q, k, v, heads=1).transpose(1, 2).reshape(x.shape)
        return x + self.proj_out(mixed)


class Downsample(nn.Module):
    """Halves the size. Only the right and lower edges are padded, as in training."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.conv = Conv2d.of(shapes.below("conv"), stride=2, padding=0)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(functional.pad(x, (0, 1, 0, 1)))


class Upsample(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.conv = Conv2d.of(shapes.below("conv"))

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(functional.interpolate(x, scale_factor=2.0, mode="nearest"))


class Level(nn.Module):
    """The blocks that work at one size, and the step to the next."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.block = nn.ModuleList(map(ResnetBlock, shapes.below("block").numbered()))
        self.attn = nn.ModuleList(map(AttentionBlock, shapes.below("attn").numbered()))
        if "downsample" in shapes:
            self.downsample = Downsample(shapes.below("downsample"))
        if "upsample" in shapes:
            self.upsample = Upsample(shapes.below("upsample"))

    def forward(self, x: Tensor) -> Tensor:
        for number, block in enumerate(self.block):
            x = block(x)
            if number < len(self.attn):
                x = self.attn[number](x)
        for step in ("downsample", "upsample"):
            if hasattr(self, step):
                x = getattr(self, step)(x)
        return x


class Middle(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.block_1 = ResnetBlock(shapes.below("block_1"))
        self.attn_1 = AttentionBlock(shapes.below("attn_1"))
        self.block_2 = ResnetBlock(shapes.below("block_2"))

    def forward(self, x: Tensor) -> Tensor:
        return self.block_2(self.attn_1(self.block_1(x)))


class Encoder(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.conv_in = Conv2d.of(shapes.below("conv_in"))
        self.down = nn.ModuleList(map(Level, shapes.below("down").numbered()))
        self.mid = Middle(shapes.below("mid"))
        self.norm_out = GroupNorm.of(shapes.below("norm_out"), eps=1e-6)
        self.conv_out = Conv2d.of(shapes.below("conv_out"))

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv_in(x)
        for level in self.down:
            x = level(x)
        return self.conv_out(functional.silu(self.norm_out(self.mid(x))))


class Decoder(nn.Module):
    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.conv_in = Conv2d.of(shapes.below("conv_in"))
        self.mid = Middle(shapes.below("mid"))
        self.up = nn.ModuleList(map(Level, shapes.below("up").numbered()))
        self.norm_out = GroupNorm.of(shapes.below("norm_out"), eps=1e-6)
        self.conv_out = Conv2d.of(shapes.below("conv_out"))

    def forward(self, x: Tensor) -> Tensor:
        x = self.mid(self.conv_in(x))
        for level in reversed(self.up):
            x = level(x)
        return self.conv_out(functional.silu(self.norm_out(x)))


class VariationalAutoencoder(nn.Module):
    """Pictures -1…1 [batch, 3, height, width] to latents and back."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.encoder = Encoder(shapes.below("encoder"))
        self.decoder = Decoder(shapes.below("decoder"))
        if "quant_conv" in shapes:
            self.quant_conv = Conv2d.of(shapes.below("quant_conv"))
            self.post_quant_conv = Conv2d.of(shapes.below("post_quant_conv"))
        self.latent_channels = shapes.shape("decoder.conv_in.weight")[1]
        self.ratio = 2 ** (len(self.decoder.up) - 1)

    def encode(self, x: Tensor) -> Tensor:
        """The mean of the distribution of latents; nothing is drawn."""
        moments = self.encoder(x)
        if hasattr(self, "quant_conv"):
            moments = self.quant_conv(moments)
        return moments.chunk(2, dim=1)[0]

    def decode(self, z: Tensor) -> Tensor:
        if hasattr(self, "post_quant_conv"):
            z = self.post_quant_conv(z)
        return self.decoder(z)
