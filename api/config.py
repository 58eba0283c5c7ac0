"""Settings of a running city: read from the environment alone, checked before anything starts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
MEBIBYTE = 1024 * 1024

# A request may hold an upload of 20 MB and what surrounds it; a JSON document is smaller.
REQUEST_LIMIT = 24 * MEBIBYTE
JSON_LIMIT = MEBIBYTE
JSON_DEPTH = 10

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off"}
MOST_PROXIES = 5


class BadSetting(ValueError):
    """A variable of the environment has a value that cannot be meant."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        """Name the variable and what was expected of it."""
        super().__init__(f"{name}={value!r}: expected {expected}")


@dataclass(frozen=True, slots=True)
class Settings:
    """What may differ from one installation to the next.

    database_url     `sqlite:///path` or `postgresql://…`
    data_root        the folder that holds `processes/` and `rules/`
    allowed_origins  origins beside our own that may send changes with a session cookie
    proxies          how many reverse proxies in front are trusted to say who asks, and over which scheme
    docs             serve the interactive documentation
    virtual_clock    the city's time is a row of the database, moved by whoever simulates
    """

    database_url: str
    data_root: Path
    allowed_origins: frozenset[str] = frozenset()
    proxies: int = 0
    docs: bool = True
    virtual_clock: bool = False
    request_limit: int = REQUEST_LIMIT
    json_limit: int = JSON_LIMIT

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read ZHILI_…; a value that cannot be meant raises BadSetting, nothing is guessed."""
        values = os.environ if environment is None else environment
        return cls(
            database_url=_database_url(values),
            data_root=_folder(values, "ZHILI_DATA_ROOT", ROOT),
            allowed_origins=_origins(values, "ZHILI_ALLOWED_ORIGINS"),
            proxies=_integer(values, "ZHILI_TRUSTED_PROXIES", 0, 0, MOST_PROXIES),
            docs=_boolean(values, "ZHILI_DOCS", default=True),
            virtual_clock=_choice(values, "ZHILI_CLOCK", ("system", "virtual")) == "virtual",
            request_limit=_integer(values, "ZHILI_REQUEST_LIMIT_MB", 24, 1, 1024) * MEBIBYTE,
        )


def _database_url(values: Mapping[str, str]) -> str:
    url = values.get("ZHILI_DATABASE_URL", "").strip()
    if not url:
        return f"sqlite:///{ROOT / 'var' / 'zhili.db'}"
    scheme = url.partition("://")[0].partition("+")[0]
    if "://" not in url or scheme not in {"sqlite", "postgresql", "postgres"}:
        # The value may hold a password: only its scheme is shown.
        raise BadSetting("ZHILI_DATABASE_URL", f"{scheme}://…", "sqlite:///path or postgresql://…")
    return url


def _folder(values: Mapping[str, str], name: str, default: Path) -> Path:
    text = values.get(name, "").strip()
    if not text:
        return default
    folder = Path(text)
    if not folder.is_dir():
        raise BadSetting(name, text, "an existing folder")
    return folder.resolve()


def _origins(values: Mapping[str, str], name: str) -> frozenset[str]:
    origins = [origin.strip().rstrip("/") for origin in values.get(name, "").split(",") if origin.strip()]
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
            raise BadSetting(name, origin, "origins such as https://zhili.example, separated by commas")
    return frozenset(origins)


def _integer(values: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = values.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadSetting(name, text, f"a whole number from {least} to {most}")
    return int(text)


def _choice(values: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    text = values.get(name, "").strip().lower() or words[0]
    if text not in words:
        raise BadSetting(name, text, " or ".join(words))
    return text


def _boolean(values: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = values.get(name, "").strip().lower()
    if not text:
        return default
    if text in TRUE_WORDS:
        return True
    if text in FALSE_WORDS:
        return False
    raise BadSetting(name, text, "on or off")
