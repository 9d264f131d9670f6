"""Rules of the house that no single file can hold."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import redis

from bot.settings import Settings
from tests.phone import Phone

PROJECT = Path(__file__).parent.parent
BOT = PROJECT / "bot"
# Imports point down. Each room may import itself and the rooms after it in its row.
ALLOWED = {
    "core": {"core"},
    "content": {"content", "core", "log", "problem"},
    "store": {"store", "core", "patience", "problem", "redis_url"},
    "settings": {"problem", "redis_url", "slips"},
    "slips": set(),
    "redis_url": set(),
    "contacts": set(),
    "log": set(),
    "problem": set(),
    "processes": {"log", "problem"},
    "ceiling": {"store"},
    "country": set(),
    "vault": {"problem"},
    "channels": {"channels", "settings"},
    "patience": set(),
    "zips": set(),
    "directory": {"directory", "core", "log", "patience", "problem", "store", "zips"},
    "finding": {"app", "core", "directory", "log", "zips"},
    "app": {"ceiling", "contacts", "content", "core", "directory", "log", "problem", "settings", "store", "vault"},
    "duty": {"app", "content", "core", "log", "store"},
    "desk": {"app", "contacts", "content", "core", "duty", "problem", "store"},
    "reach": {"settings"},
    "outbound": {"app", "channels", "contacts", "core", "desk", "log", "store"},
    "leaving": {"app", "core", "desk", "log", "store"},
    "attend": {"app", "core", "desk", "duty", "leaving", "log", "outbound", "store"},
    "tickets": {"tickets", "app", "channels", "core", "desk", "duty", "log", "problem", "store"},
    "jobs": {"app", "attend", "log", "outbound", "store"},
    "inbound": {"app", "contacts", "core", "desk", "duty", "finding", "log", "store"},
    "explain": {"core", "problem"},
    "warming": {"app", "zips"},
    "web": {
        "web",
        "app",
        "contacts",
        "country",
        "duty",
        "core",
        "inbound",
        "leaving",
        "log",
        "outbound",
        "problem",
        "processes",
        "reach",
        "settings",
        "staff",
        "store",
        "tickets",
        "warming",
    },
}
NOT_IN_CORE = {
    "flask",
    "redis",
    "twilio",
    "yaml",
    "os",
    "time",
    "datetime",
    "random",
    "pydantic",
    "structlog",
    "socket",
    "pathlib",
    "onnxruntime",
    "numpy",
}


def imports(path: Path) -> Iterator[str]:
    """The modules of our own, and the libraries, that a file imports: "bot.core.flow", "redis"."""
    package = ["bot", *path.relative_to(BOT).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" if module == "bot" or not node.module else module for alias in node.names)


def test_imports_point_down() -> None:
    for path in BOT.rglob("*.py"):
        room = path.relative_to(BOT).parts[0].removesuffix(".py")
        for module in imports(path):
            if room in ALLOWED and module.startswith("bot."):
                assert module.split(".")[1] in ALLOWED[room] | {"__version__"}, f"{path.name} imports {module}"


def test_the_core_does_no_input_or_output() -> None:
    for path in (BOT / "core").rglob("*.py"):
        assert not {m.split(".")[0] for m in imports(path)} & NOT_IN_CORE, path
        assert "open(" not in path.read_text()
        assert "Any" not in path.read_text().split(), path


def test_only_machine_py_imports_transitions() -> None:
    users = {p.name for p in BOT.rglob("*.py") if any(m.startswith("transitions") for m in imports(p))}
    assert users == {"machine.py"}


def test_only_settings_py_reads_the_environment() -> None:
    readers = {p.name for p in BOT.rglob("*.py") if re.search(r"os\.environ\b|getenv", p.read_text())}
    assert readers <= {"settings.py", "processes.py", "serving.py", "wsgi.py"}  # the last three only pass it on to children


def test_every_setting_is_documented_with_its_help_text() -> None:
    told = (PROJECT / "docs" / "settings.md").read_text()
    for name, field in Settings.model_fields.items():
        assert f"`{name.upper()}`" in told, name
        assert field.description, name
        assert " ".join(field.description.split()) in " ".join(told.split()), name


def test_no_secret_has_a_default() -> None:
    settings = Settings.model_construct()
    assert not settings.helpline_secret.get_secret_value()
    assert not settings.helpline_keys
    assert not settings.twilio_auth_token


def test_no_file_names_a_registry_or_a_path_of_this_machine() -> None:
    names = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    assert names
    for name in names:
        if (PROJECT / name).suffix in (".png", ".msgpack", ".woff2"):
            continue
        text = (PROJECT / name).read_text(encoding="utf-8", errors="replace")
        assert (
            not re.search(r"(pypi\.org|pythonhosted|registry\.npmjs|index-url)", text.replace("no-emit-index-url", ""))
            or name == "tests/test_rules.py"
        ), name
        assert str(PROJECT) + "/" not in text, name


def test_an_idle_conversation_is_small(phones: Callable[[str], Phone], raw: redis.Redis) -> None:
    phone = phones("+15005550006")
    for text in ("hi", "detoxx", "sick now", "what is suboxone"):
        phone.text(text)
    used = sum(int(raw.memory_usage(key) or 0) for key in raw.scan_iter("hl:{*"))
    assert used <= 400
