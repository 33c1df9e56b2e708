"""Users, their passwords and roles; logins and tokens that let them in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from hub.access.accounts import Accounts, LastAdmin, NameTaken, UnusableName, WrongCredentials
from hub.access.identity import Identity
from hub.access.keyring import LOGIN_LASTS, Keyring, ScopeTooWide
from hub.access.passwords import WeakPassword
from hub.access.reception import OwnerThere, Reception, WrongCode
from hub.access.throttle import TooManyTries
from hub.errors import NotFound
from hub.records.access import Role, Scope
from hub.storage.database import Database
from hub.storage.users import Users
from hub.testing.clock import ScriptedClock

PASSWORD = "correct horse"
DAY = 86400.0


@dataclass
class Office:
    accounts: Accounts
    keyring: Keyring
    reception: Reception
    clock: ScriptedClock

    async def log_in(self, name: str, password: str) -> str:
        return await self.reception.log_in(name, password, "192.0.2.1")

    async def token(self, scope: Scope, lasts: timedelta | None = None) -> str:
        ends = self.clock.now() + lasts if lasts else None
        anna = self.accounts.get("anna")
        return (await self.keyring.add_token(anna, "script", scope, ends))[1]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(tmp_path / "hub.sqlite") as database:
        yield database


@pytest.fixture
async def office(database: Database) -> Office:
    made = await opened(database, ScriptedClock())
    await made.accounts.add("anna", PASSWORD, Role.ADMIN)
    return made


async def opened(database: Database, clock: ScriptedClock) -> Office:
    """As after a start of the hub."""
    keyring = Keyring(Users(database), clock)
    await keyring.load()
    accounts = Accounts(Users(database), keyring, clock)
    return Office(accounts, keyring, Reception(accounts, keyring, clock), clock)


async def test_name_and_password_let_in(office: Office) -> None:
    secret = await office.log_in("anna", PASSWORD)
    assert office.keyring.find(secret) == Identity(user="anna", scope=Scope.ADMIN)


@pytest.mark.parametrize(
    ("name", "password"), [("anna", "correct"), ("nobody", PASSWORD), ("anna", "\udcff" * 2000)]
)
async def test_others_are_not_told_which_is_wrong(office: Office, name: str, password: str) -> None:
    with pytest.raises(WrongCredentials, match="no user with that password"):
        await office.log_in(name, password)


async def test_nothing_on_the_disk_lets_anybody_in(office: Office, database: Database) -> None:
    secrets = [PASSWORD, await office.log_in("anna", PASSWORD)]
    secrets.append(await office.token(Scope.READ))
    folder = database.path.parent
    content = b"".join(path.read_bytes() for path in folder.glob("hub.sqlite*"))
    assert b"$argon2id$" in content
    assert [secret for secret in secrets if secret.encode() in content] == []


async def test_users_logins_and_tokens_outlast_a_start(office: Office, database: Database) -> None:
    login, token = await office.log_in("anna", PASSWORD), await office.token(Scope.RUN)
    later = await opened(database, office.clock)
    assert later.keyring.find(login) == Identity(user="anna", scope=Scope.ADMIN)
    assert later.keyring.find(token) == Identity(user="anna", scope=Scope.RUN, by_token=True)
    assert [user.name for user in later.accounts.all] == ["anna"]


async def test_a_login_lasts_as_long_as_it_is_used(office: Office, database: Database) -> None:
    secret = await office.log_in("anna", PASSWORD)
    for _ in range(3):
        await office.clock.advance(LOGIN_LASTS.total_seconds() - 1)
        assert office.keyring.find(secret)
    await office.clock.advance(LOGIN_LASTS.total_seconds())
    assert office.keyring.find(secret) is None
    later = await opened(database, office.clock)
    assert later.keyring.find(secret) is None


async def test_a_token_ends_when_it_was_to(office: Office) -> None:
    secret = await office.token(Scope.READ, timedelta(days=1))
    await office.clock.advance(DAY - 1)
    assert office.keyring.find(secret)
    await office.clock.advance(1)
    assert office.keyring.find(secret) is None


async def test_a_revoked_token_lets_nobody_in(office: Office, database: Database) -> None:
    secret = await office.token(Scope.READ)
    [token] = office.keyring.tokens("anna")
    await office.keyring.revoke(token.id)
    assert office.keyring.find(secret) is None
    assert (await opened(database, office.clock)).keyring.tokens() == []


async def test_nobody_revokes_what_is_anothers(office: Office) -> None:
    await office.token(Scope.READ)
    [token] = office.keyring.tokens()
    with pytest.raises(NotFound):
        await office.keyring.revoke(token.id, user="bert")


async def test_a_token_reaches_no_further_than_its_user(office: Office) -> None:
    await office.accounts.add("bert", PASSWORD, Role.ADMIN)
    secret = await office.token(Scope.ADMIN)
    await office.accounts.set_role("anna", Role.VIEWER)
    assert office.keyring.find(secret) == Identity(user="anna", scope=Scope.READ, by_token=True)
    with pytest.raises(ScopeTooWide, match="at most 'read'"):
        await office.token(Scope.RUN)


async def test_a_new_password_ends_logins_but_no_tokens(office: Office) -> None:
    login, token = await office.log_in("anna", PASSWORD), await office.token(Scope.READ)
    await office.accounts.set_password("anna", "battery staple")
    assert office.keyring.find(login) is None
    assert office.keyring.find(token)
    with pytest.raises(WrongCredentials):
        await office.log_in("anna", PASSWORD)
    assert await office.log_in("anna", "battery staple")


async def test_a_user_leaves_with_all_keys(office: Office, database: Database) -> None:
    login, token = await office.log_in("anna", PASSWORD), await office.token(Scope.READ)
    await office.accounts.add("bert", PASSWORD, Role.ADMIN)
    await office.accounts.remove("anna")
    assert [office.keyring.find(secret) for secret in (login, token)] == [None, None]
    later = await opened(database, office.clock)
    assert [later.keyring.find(secret) for secret in (login, token)] == [None, None]


async def test_an_admin_always_stays(office: Office) -> None:
    await office.accounts.add("bert", PASSWORD, Role.OPERATOR)
    with pytest.raises(LastAdmin):
        await office.accounts.remove("anna")
    with pytest.raises(LastAdmin):
        await office.accounts.set_role("anna", Role.VIEWER)


async def test_guessing_is_held_back(office: Office) -> None:
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await office.log_in("anna", "a guess")
    with pytest.raises(TooManyTries) as held_back:
        await office.log_in("anna", PASSWORD)
    assert held_back.value.retry_after == 30
    # Somebody elsewhere is not held back, and the guesser only for a while.
    assert await office.reception.log_in("anna", PASSWORD, "192.0.2.2")
    await office.clock.advance(30)
    assert await office.log_in("anna", PASSWORD)
    assert await office.log_in("anna", PASSWORD)


async def test_an_ipv6_network_counts_as_one_address(office: Office) -> None:
    for number in range(5):
        with pytest.raises(OwnerThere):
            await office.reception.make_owner("", "eve", PASSWORD, f"2001:db8::{number}")
    with pytest.raises(TooManyTries):
        await office.reception.make_owner("", "eve", PASSWORD, "2001:db8::9")
    with pytest.raises(OwnerThere):
        await office.reception.make_owner("", "eve", PASSWORD, "2001:db8:0:1::9")


async def test_the_first_becomes_the_owner_by_the_code(database: Database) -> None:
    office = await opened(database, ScriptedClock())
    with pytest.raises(WrongCode):
        await office.reception.make_owner("AAAA-AAAA-AAAA", "anna", PASSWORD, "192.0.2.1")
    typed = office.reception.code.lower().replace("-", " ")
    with pytest.raises(WeakPassword):
        await office.reception.make_owner(typed, "anna", "short", "192.0.2.1")
    owner = await office.reception.make_owner(typed, "anna", PASSWORD, "192.0.2.1")
    assert owner.role is Role.ADMIN
    with pytest.raises(OwnerThere):
        await office.reception.make_owner(typed, "bert", PASSWORD, "192.0.2.1")


async def test_two_who_know_the_code_do_not_both_become_owners(database: Database) -> None:
    office = await opened(database, ScriptedClock())
    made = await asyncio.gather(
        *[
            office.reception.make_owner(office.reception.code, name, PASSWORD, "192.0.2.1")
            for name in ("anna", "bert")
        ],
        return_exceptions=True,
    )
    assert [user.name for user in office.accounts.all] == ["anna"]
    assert isinstance(made[1], OwnerThere)


@pytest.mark.parametrize("name", ["", "Anna", "../anna", "-anna", "a" * 65, "änne", "a b"])
async def test_names_are_plain(office: Office, name: str) -> None:
    with pytest.raises(UnusableName):
        await office.accounts.add(name, PASSWORD, Role.VIEWER)


async def test_a_name_is_given_once_and_a_password_is_not_short(office: Office) -> None:
    with pytest.raises(NameTaken):
        await office.accounts.add("anna", PASSWORD, Role.VIEWER)
    with pytest.raises(WeakPassword):
        await office.accounts.add("bert", "short", Role.VIEWER)
