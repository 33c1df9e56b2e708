"""The program that trained the model which comes along."""

from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from hub.engine.models.shapes import Shapes
from hub.engine.models.vae import VariationalAutoencoder
from training import layout
from training.autoencoder import pictures_of
from training.drawing import draw
from training.latents import encoded, settle
from training.learning import Learning
from training.scenes import COLOURS, PLACES, Kind, Land, Thing, Time, random_scene
from training.vocabulary import UNKNOWN, Vocabulary

PICTURES = pictures_of(range(8))


def learning(keep: Path, steps: int = 3) -> Learning[VariationalAutoencoder]:
    beginnings = layout.autoencoder(seed=1)
    return Learning.of(VariationalAutoencoder, beginnings, keep, steps=steps, rate=1e-3)


def learn(one: Learning[VariationalAutoencoder]) -> None:
    two = PICTURES[:2]
    one.learn((one.module.decode(one.module.encode(two)) - two).square().mean())


def autoencoder(tensors: dict[str, Tensor]) -> VariationalAutoencoder:
    with torch.device("meta"):
        model = VariationalAutoencoder(Shapes.of(tensors))
    model.load_state_dict(tensors, assign=True)
    return model


def test_a_training_goes_on_after_a_break_as_if_there_had_been_none(tmp_path: Path) -> None:
    whole = learning(tmp_path / "whole")
    for _ in whole.remaining():
        learn(whole)
    begun = learning(tmp_path / "broken off")
    learn(begun)
    begun.store()
    resumed = learning(tmp_path / "broken off")
    assert list(resumed.remaining()) == [1, 2]
    for _ in range(2):
        learn(resumed)
    for name, value in whole.averages.items():
        assert torch.equal(resumed.averages[name], value), name


@torch.no_grad()
def test_settled_latents_have_unit_variance_and_give_the_same_pictures() -> None:
    model = autoencoder(layout.autoencoder(seed=1))
    before = model.decode(model.encode(PICTURES))
    settle(model, PICTURES)
    latents = (encoded(model, PICTURES) * 0.18215).movedim(1, 0).flatten(1)
    assert torch.allclose(torch.cov(latents), torch.eye(4), atol=0.01)
    assert torch.allclose(model.decode(model.encode(PICTURES)), before, atol=1e-3)


@torch.no_grad()
def test_an_enlarged_autoencoder_draws_squares_for_pixels() -> None:
    small = autoencoder(layout.autoencoder(seed=1))
    large = autoencoder(layout.enlarged(small.state_dict()))
    assert large.ratio == 8
    squares = PICTURES.repeat_interleave(8, dim=2).repeat_interleave(8, dim=3)
    assert torch.allclose(large.encode(squares), small.encode(PICTURES), atol=1e-4)
    latents = small.encode(PICTURES)
    made = small.decode(latents)
    assert torch.allclose(large.decode(latents)[:, :, ::8, ::8], made, atol=1e-3)


def test_whatever_captions_tell_apart_is_drawn_differently() -> None:
    scenes = [
        replace(
            random_scene(0),
            land=land,
            time=time,
            thing=Thing(kind=kind, colour=colour, place=place),
        )
        for land in Land
        for time in Time
        for kind in Kind
        for colour in COLOURS
        for place in range(len(PLACES))
    ]
    assert len({draw(scene).tobytes() for scene in scenes}) == len(scenes)


def test_a_word_that_no_caption_has_says_nothing() -> None:
    vocabulary = Vocabulary(["a red fox"])
    _, *words = vocabulary.words("a blue fox")
    assert words[1] == UNKNOWN
    assert UNKNOWN not in (words[0], words[2])
    table = vocabulary.table(torch.ones(len(vocabulary), 4))
    assert table.count_nonzero(dim=1).bool().sum() == len(vocabulary) - 1
