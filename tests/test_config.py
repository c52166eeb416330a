"""The configuration: what wins, and every mistake named with its place and the choices."""

import errno
import os
from pathlib import Path

import pytest

from audit.config import Config, load
from audit.errors import UsageError
from audit.registry import rules


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory below a folder that may hold configuration files."""
    inner = tmp_path / "project" / "inner"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    return inner.parent


def write(folder: Path, text: str, name: str = "crawlaudit.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mistake(text: str, folder: Path) -> str:
    write(folder, text)
    with pytest.raises(UsageError) as caught:
        load()
    assert caught.value.exit_code == 2
    return str(caught.value)


def codes(config: Config) -> list[str]:
    return [rule.code for rule, _ in config.chosen()]


@pytest.mark.usefixtures("home")
def test_without_a_file_the_defaults_hold() -> None:
    assert load() == Config()
    assert codes(Config()) == list(rules())


def test_a_file_is_found_upwards(home: Path) -> None:
    write(home, "workers = 3")
    assert load().workers == 3
    write(home / "inner", "workers = 4")
    assert load().workers == 4


def test_crawlaudit_toml_goes_before_pyproject(home: Path) -> None:
    write(home, "[tool.crawlaudit]\nworkers = 5", "pyproject.toml")
    assert load().workers == 5
    write(home, "workers = 6")
    assert load().workers == 6


@pytest.mark.parametrize("text", ["[project]\nname = 'x'", "tool = 3", "tool = 'crawlaudit'", "[tool]\nruff = {}", ""])
def test_a_pyproject_of_something_else_is_passed_over(home: Path, text: str) -> None:
    write(home / "inner", text, "pyproject.toml")
    write(home, "workers = 7")
    assert load().workers == 7


def test_the_environment_wins_over_the_file_and_flags_over_both(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, 'workers = 2\nignore = ["chrome"]\nmin_confidence = 0.9')
    monkeypatch.setenv("CRAWLAUDIT_WORKERS", "3")
    monkeypatch.setenv("CRAWLAUDIT_IGNORE", " truncation , LK ,")
    assert (load().workers, load().ignore, load().min_confidence) == (3, ("truncation", "LK"), 0.9)
    flags = {"workers": 4, "ignore": None, "select": ["link_text"]}
    assert (load(flags).workers, load(flags).ignore, load(flags).select) == (4, ("truncation", "LK"), ("link_text",))


def test_a_named_file_is_the_only_one(home: Path, tmp_path: Path) -> None:
    write(home, "workers = 2")
    assert load(file=write(tmp_path, "min_confidence = 0.7", "other.toml")) == Config(min_confidence=0.7)


def test_a_mistake_in_the_file_is_named_with_its_place(home: Path) -> None:
    text = mistake("worker = 2", home)
    assert str(home / "crawlaudit.toml") in text
    assert "unknown key 'worker'" in text
    assert all(name in text for name in Config.model_fields)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('workers = "many"', ["workers", "integer"]),
        ("workers = -1", ["workers", "greater than or equal to 0"]),
        ("min_confidence = 1.5", ["min_confidence", "less than or equal to 1"]),
        ("min_confidence = nan", ["min_confidence"]),
        ("max_bytes = 5", ["max_bytes", "1024"]),
        ('select = "chrome"', ["select", "tuple"]),
        ("fields = { text = 3 }", ["fields.text", "string"]),
        ('select = ["TR1O1"]', ["select", "no rule is called 'TR1O1'", "did you mean TR"]),
        ('ignore = ["zzz"]', ["ignore", "no rule is called 'zzz'", "crawlaudit rule"]),
        ('ignore = [""]', ["ignore", "no rule is called ''"]),
        ("[options.TR101]\nmin_word = 3", ["options", "rule TR101 has no option 'min_word'", "min_words"]),
        ("[options.TR502]\nsize = 3", ["options", "rule TR502 has no option 'size': it has no options"]),
        ("[options.TR101]\nmin_words = 'few'", ["options.TR101.min_words must be of type int, not 'few'"]),
        ("[options.TR101]\nmin_words = true", ["options.TR101.min_words must be of type int, not True"]),
        ("[options.TR101]\nmin_words = 1.5", ["options.TR101.min_words must be of type int, not 1.5"]),
        ("[options.nonsense]\na = 1", ["options", "no rule is called 'nonsense'"]),
        ("options = 3", ["options", "dictionary"]),
    ],
)
def test_each_mistake_is_named(home: Path, text: str, parts: list[str]) -> None:
    shown = mistake(text, home)
    assert str(home / "crawlaudit.toml") in shown
    assert all(part in shown for part in parts), shown


def test_all_mistakes_are_named_at_once(home: Path) -> None:
    assert len(mistake("workers = -1\nmin_confidence = 2\nnonsense = 1", home).splitlines()) == 3
    assert len(mistake('select = ["zz"]\nignore = ["yy"]\n[options.TR101]\na = 1\nb = 2', home).splitlines()) == 4


@pytest.mark.parametrize("text", ["workers = ", "[", "a = 1\na = 2", "\x00"])
def test_bad_toml_is_named_with_its_file(home: Path, text: str) -> None:
    assert str(home / "crawlaudit.toml") in mistake(text, home)


def test_bad_utf8_and_a_table_that_is_none(home: Path) -> None:
    (home / "crawlaudit.toml").write_bytes(b"exclude = ['\xff']")
    with pytest.raises(UsageError, match=r"crawlaudit\.toml"):
        load()
    with pytest.raises(UsageError, match="must be a table"):
        load(file=write(home, "[tool]\ncrawlaudit = 5", "pyproject.toml"))
    with pytest.raises(UsageError, match="nowhere"):
        load(file=home / "nowhere.toml")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("name", "value", "part"),
    [("WORKERS", "many", "integer"), ("SELECT", "TR101,zzz", "'zzz'"), ("WORKER", "1", "the keys are")],
)
def test_a_mistake_in_the_environment_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, part: str
) -> None:
    monkeypatch.setenv(f"CRAWLAUDIT_{name}", value)
    with pytest.raises(UsageError, match=f"^CRAWLAUDIT_{name}: ") as caught:
        load()
    assert part in str(caught.value)


@pytest.mark.usefixtures("home")
def test_a_mistake_in_a_flag_names_the_flag() -> None:
    with pytest.raises(UsageError, match=r"^select: no rule is called 'navigatoin'; did you mean navigation"):
        load({"select": ["navigatoin"]})


def test_select_and_ignore_take_families_codes_names_and_beginnings() -> None:
    link = [code for code in rules() if code.startswith("LK")]
    assert codes(Config(select=("link_text",))) == codes(Config(select=("lk",))) == link
    assert codes(Config(select=("TR101", "cut-mid-sentence"))) == ["TR101"]
    assert codes(Config(select=("LK",), ignore=(link[0],))) == link[1:]
    assert codes(Config(ignore=("truncation", "chrome", "missing_lead", "link_text"))) == []
    assert codes(Config(ignore=("TR1",)))[0].startswith("CH")
    assert not [code for code in codes(Config(ignore=("TR1",))) if code.startswith("TR1")]


def test_options_reach_their_rule_by_code_or_name() -> None:
    for word in ("TR101", "tr101", "cut-mid-sentence"):
        chosen = {rule.code: options for rule, options in Config(options={word: {"min_words": 3}}).chosen()}
        assert chosen["TR101"] == {"min_words": 3}
        assert chosen["TR102"] == {}


def test_a_whole_number_is_a_number() -> None:
    name, option = next((r.code, o.name) for r in rules().values() for o in r.options if o.type is float)
    assert {r.code: o for r, o in Config(options={name: {option: 1}}).chosen()}[name] == {option: 1}


def test_a_configuration_made_in_code_is_checked_too() -> None:
    with pytest.raises(UsageError, match="has no option 'nope'"):
        list(Config(options={"TR101": {"nope": 1}}).chosen())


def test_own_models_are_looked_for_beside_the_file_that_names_them(home: Path) -> None:
    (home / "own").mkdir()
    assert "no lines.npz, decisions.npz, quality.npz, gaps.npz in" in mistake('models = "own"', home)
    (home / "own" / "lines.npz").touch()
    assert load().models == home / "own"
    with pytest.raises(UsageError, match=r"models: no lines\.npz"):
        load({"models": Path("own")})  # a flag's folder is looked for where the command runs


def test_the_digest_names_what_decides_the_findings() -> None:
    assert Config(workers=1).digest() == Config(workers=9).digest()
    assert Config().digest() != Config(min_confidence=0.6).digest()
    assert len(Config().digest()) == 64


def test_a_file_that_is_not_there_is_told_without_a_number(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(file=tmp_path / "none.toml")
    assert str(caught.value) == f"{tmp_path / 'none.toml'}: {os.strerror(errno.ENOENT)}"
