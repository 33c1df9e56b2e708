"""The one user that packs find."""

from pathlib import Path

import pytest

from hub.config.folders import Folders
from hub.nodes.compat.pack_users import PackUsers


@pytest.fixture
def users(tmp_path: Path) -> PackUsers:
    return PackUsers(Folders(config=tmp_path, data=tmp_path))


def test_a_file_lies_in_the_users_folder_which_is_made(users: PackUsers, tmp_path: Path) -> None:
    folder = tmp_path / "user" / "default"
    assert users.get_request_user_filepath(None, "pack/x.json") == str(folder / "pack" / "x.json")
    assert (folder / "pack").is_dir()
    assert users.get_request_user_filepath(None, None) == str(folder)


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../x"])
def test_no_name_leads_out_of_it(users: PackUsers, name: str) -> None:
    assert users.get_request_user_filepath(None, name) is None


def test_what_is_not_there_says_so(users: PackUsers) -> None:
    with pytest.raises(AttributeError, match="does not offer it yet"):
        users.add_user  # noqa: B018 - looking is what raises
