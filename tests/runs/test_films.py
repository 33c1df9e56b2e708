"""The film strips of runs."""

from hub.runs.films import MOST_BYTES, MOST_FRAMES, Films


def numbers(films: Films, run: str) -> list[int]:
    return [frame.number for frame in films.of(run)]


def test_a_few_pictures_are_all_kept() -> None:
    films = Films()
    for image in (b"a", b"b"):
        films.add("run", "3", image, "image/jpeg")
    assert [(frame.node, frame.image) for frame in films.of("run")] == [("3", b"a"), ("3", b"b")]
    assert films.of("other") == []


def test_of_many_some_are_kept_that_are_the_same_distance_apart() -> None:
    films = Films()
    for _ in range(1000):
        films.add("run", "3", b"x", "image/jpeg")
    kept = numbers(films, "run")
    assert MOST_FRAMES / 2 <= len(kept) <= MOST_FRAMES
    assert kept == list(range(0, 1000, kept[1] - kept[0]))


def test_strips_of_earlier_runs_make_room() -> None:
    films = Films()
    large = bytes(MOST_BYTES // 3)
    for run in ("one", "two", "three"):
        films.add(run, "3", large, "image/jpeg")
    films.add("one", "3", b"more", "image/jpeg")
    assert [len(films.of(run)) for run in ("one", "two", "three")] == [2, 0, 1]


def test_one_strip_stays_however_large_it_is() -> None:
    films = Films()
    films.add("run", "3", bytes(MOST_BYTES + 1), "image/jpeg")
    assert numbers(films, "run") == [0]
