"""The users, of whom packs find one."""

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.pack_users import PackUsers as UserManager  # noqa: F401

__getattr__ = not_yet("app.user_manager")
