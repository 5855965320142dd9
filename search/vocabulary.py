"""What people call a trade, a word or a provider: curated files beside the registry's own words."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from core.errors import DataError
from core.text import fold

FOLDER = Path(__file__).parent / "vocabulary"
_PROVIDERS = "providers.yml"
_OUTSIDE = "outside.yml"
_WORDS = "words.yml"
_LONGEST = 160
# The safe loader, in C where it was built so: ten times faster over 31,000 names.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Vocabulary:
    """Everyday names.

    ``trades``: by code, what people call the work of a standard. ``providers``: by provider id, acronyms
    and short names. ``outside``: by topic, what people ask that is not this council's. ``words``: groups
    of words that mean the same, for training.
    """

    trades: dict[str, list[str]] = field(default_factory=dict)
    providers: dict[str, list[str]] = field(default_factory=dict)
    outside: dict[str, list[str]] = field(default_factory=dict)
    words: list[list[str]] = field(default_factory=list)

    def without(self, codes: Iterable[str]) -> "Vocabulary":
        """The same without the trade names of ``codes``, wherever else those names stand."""
        gone = set(codes)
        names = {fold(name) for code in gone for name in self.trades.get(code, [])}
        trades = {
            code: left
            for code, found in self.trades.items()
            if code not in gone and (left := [name for name in found if fold(name) not in names])
        }
        return Vocabulary(trades, self.providers, self.outside, self.words)


def vocabulary_digest(folder: Path = FOLDER) -> str:
    """Changes with any of the files."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yml")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def read_vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """Read every file of the vocabulary.

    Raises:
        DataError: names each entry that does not hold, by file and key.
    """
    return _read(folder, vocabulary_digest(folder))


@lru_cache(maxsize=2)
def _read(folder: Path, _digest: str) -> Vocabulary:
    problems: list[str] = []
    trades: dict[str, list[str]] = {}
    others: dict[str, dict[str, list[str]]] = {_PROVIDERS: {}, _OUTSIDE: {}}
    words: list[list[str]] = []
    for path in sorted(folder.glob("*.yml")):
        content = _content(path, problems)
        if path.name == _WORDS:
            words = [_names(f"{path.name}, grupo {number}", group, problems) for number, group in enumerate(content, 1)]
            continue
        into = others.get(path.name, trades)
        for key, names in content.items():
            if key in into:
                problems.append(f"{path.name}: {key} está también en otro archivo")
            into[str(key)] = _names(f"{path.name}, {key}", names, problems)
    if problems:
        raise DataError(problems)
    return Vocabulary(trades, others[_PROVIDERS], others[_OUTSIDE], words)


def unknown_keys(vocabulary: Vocabulary, codes: Iterable[str], providers: Iterable[str]) -> list[str]:
    """Keys of the vocabulary that the registry does not have: a name would lead nowhere."""
    lost = [*(set(vocabulary.trades) - set(codes)), *(set(vocabulary.providers) - set(providers))]
    return [f"search/vocabulary: {key} no está en el registro" for key in sorted(lost)]


def _content(path: Path, problems: list[str]) -> Any:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  the safe one
    except yaml.YAMLError as error:
        problems.append(f"{path.name}: no es YAML válido: {error}")
        content = None
    wanted = list if path.name == _WORDS else dict
    if content is not None and not isinstance(content, wanted):
        problems.append(f"{path.name}: se esperaba una {'lista' if wanted is list else 'tabla'}")
        content = None
    return content or wanted()


def _names(where: str, names: Any, problems: list[str]) -> list[str]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        problems.append(f"{where}: se esperaba una lista de textos (entre comillas si YAML los lee como otra cosa)")
        return []
    for name in names:
        if not fold(name) or len(name) > _LONGEST:
            problems.append(f"{where}: «{name}» está vacío o es demasiado largo")
    folded = [fold(name) for name in names]
    if len(set(folded)) < len(folded):
        problems.append(f"{where}: repite un nombre")
    return names
