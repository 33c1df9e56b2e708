"""The order in which entries go when room is needed."""

from hub.engine.worker.shelves import Shelves


def gone(shelves: Shelves, count: int = 1) -> list[str]:
    """Let the first go, one after another."""
    order = []
    for _ in range(count):
        order.append(shelves.first_to_go())
        shelves.drop(order[-1])
    return order


def test_while_few_are_on_trial_the_main_shelf_gives_way() -> None:
    shelves = Shelves(400)
    shelves.add("dear", 100, 5.0)
    shelves.add("new", 100, 0.1)
    assert gone(shelves) == ["dear"]


def test_beyond_a_quarter_of_the_budget_the_oldest_on_trial_goes() -> None:
    shelves = Shelves(400)
    shelves.add("dear", 100, 5.0)
    shelves.add("old", 60, 0.1)
    shelves.add("new", 60, 0.1)
    assert gone(shelves, 2) == ["old", "dear"]


def test_the_trial_shelf_gives_way_when_there_is_nothing_else() -> None:
    shelves = Shelves(400)
    shelves.add("a", 10, 0.1)
    assert gone(shelves) == ["a"]


def test_what_costs_least_per_byte_goes_first() -> None:
    shelves = Shelves(400)
    shelves.add("large", 1000, 10.0)
    shelves.add("small", 10, 2.0)
    shelves.add("medium", 100, 3.0)
    assert gone(shelves, 3) == ["large", "medium", "small"]


def test_what_is_dear_but_never_used_goes_in_time() -> None:
    shelves = Shelves(400)
    shelves.add("dear", 100, 10.0)
    for number in range(1000):
        shelves.add(str(number), 100, 2.0)
        if gone(shelves) == ["dear"]:
            break
    assert 3 < number < 8


def test_what_is_used_is_valued_anew() -> None:
    shelves = Shelves(400)
    shelves.add("used", 100, 3.0)
    shelves.add("unused", 100, 4.0)
    shelves.add("cheap", 100, 2.0)
    assert gone(shelves) == ["cheap"]
    shelves.use("used")
    assert gone(shelves, 2) == ["unused", "used"]


def test_being_used_again_ends_the_trial() -> None:
    shelves = Shelves(400)
    shelves.add("a", 101, 0.5)
    shelves.add("b", 101, 0.9)
    shelves.use("a")
    assert gone(shelves, 2) == ["b", "a"]


def test_many_that_come_and_go_leave_nothing_behind() -> None:
    shelves = Shelves(400)
    for number in range(5000):
        shelves.add(str(number), 100, 2.0)
        shelves.drop(str(number))
    shelves.add("last", 100, 2.0)
    assert len(shelves._heap) < 1500
    assert gone(shelves) == ["last"]
