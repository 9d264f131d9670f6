"""Reads REDIS_URL: one server, a unix socket, Sentinel or a Cluster, with or without TLS. No error repeats a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, unquote

Kind = Literal["server", "socket", "sentinel", "cluster"]
Host = tuple[str, int]

SCHEMES: Mapping[str, tuple[Kind, bool]] = {  # what it is, and whether it is spoken to over TLS
    "redis": ("server", False),
    "rediss": ("server", True),
    "unix": ("socket", False),
    "redis+sentinel": ("sentinel", False),
    "rediss+sentinel": ("sentinel", True),
    "redis+cluster": ("cluster", False),
    "rediss+cluster": ("cluster", True),
}
PORTS: Mapping[Kind, int] = {"server": 6379, "socket": 0, "sentinel": 26379, "cluster": 6379}
TLS_OPTIONS = ("ssl_cert_reqs", "ssl_ca_certs", "ssl_check_hostname", "ssl_certfile", "ssl_keyfile")
OPTIONS: Mapping[Kind, tuple[str, ...]] = {
    "server": ("db",),
    "socket": ("db", "username", "password"),
    "sentinel": ("db", "sentinel_username", "sentinel_password"),
    "cluster": (),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the store is. `tls` holds redis-py's own option names; None is a connection without TLS."""

    kind: Kind
    hosts: tuple[Host, ...] = ()
    path: str = ""
    db: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Mapping[str, str | bool] | None = None
    master: str = ""
    sentinel_username: str | None = None
    sentinel_password: str | None = field(default=None, repr=False)


def parse(url: str) -> Place:
    """The place that `url` names. Raises ValueError with the mend."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in SCHEMES:
        raise ValueError(
            "must begin with redis://, rediss:// (TLS), unix://, redis+sentinel:// or redis+cluster:// "
            "(rediss+sentinel://, rediss+cluster:// with TLS)"
        )
    kind, tls = SCHEMES[scheme]
    rest, _, query = rest.partition("?")
    authority, _, path = rest.partition("/")
    account, _, hosts = authority.rpartition("@")
    username, _, password = account.partition(":")
    options = _options(kind, tls, query)
    master, db = _path(kind, path, options)
    return Place(
        kind=kind,
        hosts=_hosts(kind, hosts),
        path=f"/{unquote(path)}" if kind == "socket" else "",
        db=db,
        username=unquote(username) or options.get("username"),
        password=unquote(password) or options.get("password"),
        tls=_tls(options) if tls else None,
        master=master,
        sentinel_username=options.get("sentinel_username"),
        sentinel_password=options.get("sentinel_password"),
    )


def _options(kind: Kind, tls: bool, query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    known = OPTIONS[kind] + (TLS_OPTIONS if tls else ())
    if not tls and any(name in TLS_OPTIONS for name in options):
        raise ValueError("has a TLS option (ssl_...) but no TLS: begin it with rediss instead of redis")
    if not set(options) <= set(known):
        raise ValueError(
            f"has an option that is not known here; known: {', '.join(known) or 'none'}. "
            "A ? in a password is written %3F, an @ %40, a / %2F"
        )
    return options


def _hosts(kind: Kind, text: str) -> tuple[Host, ...]:
    if kind == "socket":
        if text:
            raise ValueError("needs three slashes before the socket's path: unix:///path/to/socket")
        return ()
    found = tuple(_host(part.strip(), PORTS[kind]) for part in text.split(","))
    if kind == "server" and len(found) > 1:
        raise ValueError(
            "names several hosts: for Sentinel write redis+sentinel://host,host/MASTER/0, for a Cluster redis+cluster://host,host"
        )
    return found


def _host(text: str, usual: int) -> Host:
    if text.startswith("["):  # an IPv6 address
        name, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    else:
        name, _, port = text.partition(":")
    if not name:
        raise ValueError("names no host, or has an empty place in its list of hosts")
    if not (port or str(usual)).isdecimal() or not 0 < int(port or usual) < 65536:
        raise ValueError("has a port that is no number from 1 to 65535. A : in a password is written %3A, a / %2F")
    return unquote(name), int(port or usual)


def _path(kind: Kind, path: str, options: Mapping[str, str]) -> tuple[str, int]:
    """The master's name (Sentinel) and the database."""
    if kind == "socket":
        if not path:
            raise ValueError("names no socket: unix:///path/to/socket")
        return "", _database(options.get("db", ""))
    parts = [unquote(part) for part in path.split("/") if part]
    master = ""
    if kind == "sentinel":
        if not parts or (len(parts) == 1 and parts[0].isdecimal()):
            raise ValueError(
                "names no master: redis+sentinel://host:26379,host:26379/MASTER/0, "
                "as in `sentinel monitor MASTER ...` of sentinel.conf"
            )
        master = parts.pop(0)
    if kind == "cluster" and any(part != "0" for part in parts):
        raise ValueError("names a database, and a Cluster has only one: leave out what follows the hosts")
    if len(parts) > 1:
        raise ValueError("has more behind the hosts than a database")
    return master, _database(options.get("db", "") or "".join(parts))


def _database(text: str) -> int:
    if text and not text.isdecimal():
        raise ValueError("has a database that is no number, like redis://host:6379/0")
    return int(text or 0)


def _tls(options: Mapping[str, str]) -> dict[str, str | bool]:
    """redis-py's options. Without any, the certificate must be valid for the host, by the machine's own authorities."""
    given: dict[str, str | bool] = {name: options[name] for name in TLS_OPTIONS if name in options}
    if (checked := options.get("ssl_cert_reqs")) is not None:
        if checked.lower() not in ("none", "required"):
            raise ValueError("has an ssl_cert_reqs that is neither none nor required")
        given["ssl_cert_reqs"] = checked.lower()
    if (named := options.get("ssl_check_hostname")) is not None:
        given["ssl_check_hostname"] = named.lower() not in ("0", "no", "false")
    for name in ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile"):
        if name in options and not Path(options[name]).is_file():
            raise ValueError(f"has an {name} that is no file on this machine")
    return given
