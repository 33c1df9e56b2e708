"""Where nodes may write."""

from pathlib import Path

import pytest

from hub.engine.worker.staging import PrefixLeadsOut, Staging
from hub.records.output import OutputFolder


@pytest.mark.parametrize(
    "prefix", ["", "/x", "..", "../x", "a/../../x", "a/../x", "x\0", "/", "a/.."]
)
def test_a_prefix_that_may_lead_out_is_refused(tmp_path: Path, prefix: str) -> None:
    with pytest.raises(PrefixLeadsOut):
        Staging(tmp_path, "r", 1).stage(prefix, ".png", OutputFolder.OUTPUT)


def test_a_suffix_may_not_lead_anywhere(tmp_path: Path) -> None:
    with pytest.raises(PrefixLeadsOut):
        Staging(tmp_path, "r", 1).stage("x", "/../../x", OutputFolder.OUTPUT)


@pytest.mark.parametrize("prefix", ["x", "a/b", "..x", "a b", "ä", "a\udc80"])
def test_an_ordinary_prefix_is_kept(tmp_path: Path, prefix: str) -> None:
    staged = Staging(tmp_path, "r", 1).stage(prefix, ".png", OutputFolder.TEMP)
    assert staged.prefix == prefix
    assert staged.path.parent == tmp_path


def test_no_two_files_have_one_name(tmp_path: Path) -> None:
    stagings = [Staging(tmp_path, "r", 1), Staging(tmp_path, "r", 2), Staging(tmp_path, "s", 1)]
    names = [s.stage("x", ".png", OutputFolder.OUTPUT).path.name for s in stagings * 2]
    assert len(set(names)) == 6
