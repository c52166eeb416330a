"""The command line: exit statuses, what is printed where, and nothing hostile on the terminal."""

import json
import os
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest

from audit import cli
from audit.registry import formats, rules

STORY = (
    "The harbour council met on Tuesday and agreed to mend the old pier before the winter storms arrive from the west."
)
DAMAGED = f"{STORY} Read more\n\n{STORY}\n"


class Ended:
    """What a command printed, and its exit status."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


class Command:
    """Runs the command line in this process, as a script of the package does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capsys = monkeypatch, capsys

    def __call__(self, *words: str | Path) -> Ended:
        self._patch.setattr(sys, "argv", ["crawlaudit", *map(str, words)])
        try:
            cli.main()
        except SystemExit as stop:
            status = int(stop.code or 0)
        return Ended(status, *self._capsys.readouterr())


@pytest.fixture
def crawlaudit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRAWLAUDIT_WORKERS", "1")
    monkeypatch.setenv("COLUMNS", "100")
    return Command(monkeypatch, capsys)


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    folder = tmp_path / "crawl"
    folder.mkdir()
    (folder / "a.txt").write_text(DAMAGED, encoding="utf-8")
    (folder / "b.txt").write_text(f"{STORY}\n\n{STORY}\n", encoding="utf-8")
    return folder


def process(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1]), "CRAWLAUDIT_WORKERS": "1", **more}
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, capture_output=True, env=environment, timeout=60, check=False
    )


def test_check_writes_results_and_a_report_and_prints_a_summary(
    crawlaudit: Command, crawl: Path, tmp_path: Path
) -> None:
    ended = crawlaudit("check", crawl)
    assert ended.status == 0
    assert "crawlaudit-out" in ended.out
    out = tmp_path / "crawlaudit-out"
    assert {"documents.parquet", "findings.parquet", "summary.json", "report.html"} <= {
        path.name for path in out.iterdir()
    }
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["command"] == ["check", str(crawl)]
    assert summary["counts"]["seen"] == 2


def test_log_json_tells_machines_what_happens(crawlaudit: Command, crawl: Path) -> None:
    ended = crawlaudit("check", crawl, "--quiet", "--no-report", "--log-json")
    events = [json.loads(line) for line in ended.err.splitlines()]
    events = [e for e in events if e.get("done") == e.get("of")]  # on a slow machine there are some on the way
    assert (ended.status, ended.out) == (0, "")
    assert [(e["event"], e.get("stage")) for e in events] == [
        ("started", None), ("progress", "sites"), ("progress", "documents"), ("finished", None),
    ]  # fmt: skip
    assert events[-1]["counts"]["seen"] == 2
    assert {"wall", "cpu", "plan", "sites", "documents"} == set(events[-1]["seconds"])
    ended = crawlaudit("check", "nowhere", "--log-json")
    assert ended.status == 3
    assert json.loads(ended.err.splitlines()[1]) | {"time": ""} == {
        "time": "", "event": "failed", "message": "no such file or folder: nowhere", "status": 3,
    }  # fmt: skip


def test_an_interrupted_audit_says_how_to_go_on(
    crawlaudit: Command, crawl: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("audit.run.describe", interrupted)
        ended = crawlaudit("check", crawl, "--no-report")
    assert (ended.status, ended.out) == (3, "")
    assert ended.err == "crawlaudit: interrupted; what is done is kept, and the same command goes on from there\n"
    refused = crawlaudit("check", crawl, "--no-report", "--ignore", "CH404")
    assert refused.status == 2
    assert "unfinished run with another configuration" in refused.err
    ended = crawlaudit("check", crawl, "--no-report", "--quiet")
    assert (ended.status, ended.err) == (0, "")
    assert json.loads(Path("crawlaudit-out/summary.json").read_text(encoding="utf-8"))["resumed_parts"] == 2


def test_quiet_prints_nothing(crawlaudit: Command, crawl: Path) -> None:
    ended = crawlaudit("check", crawl, "--quiet", "--no-report", "--out", "out")
    assert (ended.status, ended.out, ended.err) == (0, "", "")
    assert not Path("out/report.html").exists()


def test_the_report_of_a_finished_audit(crawlaudit: Command, crawl: Path) -> None:
    crawlaudit("check", crawl, "--no-report", "--out", "out")
    ended = crawlaudit("report", "out", "--title", "Tides")
    assert (ended.status, Path(ended.out.strip())) == (0, Path("out/report/index.html"))
    assert "Tides" in Path("out/report/index.html").read_text(encoding="utf-8")
    assert not Path("out/report.html").exists()
    ended = crawlaudit("report", "out", "--single-file")
    assert (ended.status, Path(ended.out.strip())) == (0, Path("out/report.html"))
    ended = crawlaudit("report", "nowhere")
    assert (ended.status, ended.out) == (3, "")
    assert "no finished audit" in ended.err


def test_a_report_that_is_opened_and_always_the_same(
    crawlaudit: Command, crawl: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    pages = []
    for _ in range(2):
        crawlaudit("check", crawl, "--no-report", "--quiet")
        assert crawlaudit("report", "--single-file", "--no-timestamp", "--open", "--quiet").out == ""
        pages.append(Path("crawlaudit-out/report.html").read_bytes())
    assert pages[0] == pages[1]
    assert opened == [Path("crawlaudit-out/report.html").resolve().as_uri()] * 2


def test_what_changed_since_an_earlier_audit(crawlaudit: Command, crawl: Path) -> None:
    crawlaudit("check", crawl, "--no-report", "--quiet", "--out", "old")
    (crawl / "a.txt").unlink()
    assert crawlaudit("check", crawl, "--quiet", "--before", "old").status == 0
    page = Path("crawlaudit-out/report.html").read_text(encoding="utf-8")
    assert "Changes since" in page
    assert "Gone documents: 1" in page
    assert "Gone documents (1): a.txt" in crawlaudit("diff", "old", "crawlaudit-out").out
    ended = crawlaudit("check", crawl, "--before", "old", "--out", "old")
    assert (ended.status, "the folder that this audit writes" in ended.err) == (2, True)


def test_one_document_with_its_findings_marked(crawlaudit: Command, tmp_path: Path) -> None:
    text = "The harbour\x1b[31m is open again after the storm, the city said. Read more"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    crawlaudit("check", tmp_path / "a.txt", "--no-report", "--out", "out")
    kept = crawlaudit("show", "out", "a.txt")
    assert kept.status == 0
    assert "»Read more«" in kept.out
    assert "LK102" in kept.out
    assert "\x1b" not in kept.out
    Path("out/examples.jsonl").unlink()
    assert crawlaudit("show", "out", "a.txt").out == kept.out
    (tmp_path / "a.txt").write_text(text + ".", encoding="utf-8")
    changed = crawlaudit("show", "out", "a.txt")
    assert (changed.status, changed.out) == (3, "")
    assert "changed since" in changed.err
    (tmp_path / "a.txt").unlink()
    assert "does not exist" in crawlaudit("show", "out", "a.txt").err
    assert "no document" in crawlaudit("show", "out", "b.txt").err


@pytest.mark.parametrize("name", ["text", "jsonl", "json", "csv"])
def test_output_to_stdout_and_to_a_file(crawlaudit: Command, crawl: Path, name: str) -> None:
    ended = crawlaudit("check", crawl, "--no-report", "--output", name, "--output", f"{name}:found.{name}", "--quiet")
    assert ended.status == 0
    assert "a.txt" in ended.out
    assert Path(f"found.{name}").read_text(encoding="utf-8").splitlines() == ended.out.splitlines()


def test_output_that_cannot_be_written(crawlaudit: Command, crawl: Path) -> None:
    ended = crawlaudit("check", crawl, "--no-report", "--quiet", "--output", "json:nowhere/found.json")
    assert ended.status == 3
    assert "nowhere/found.json" in ended.err


USAGE = {
    "no command": (["chekc"], "chekc"),
    "no path": (["check"], "PATH"),
    "unknown flag": (["check", "crawl", "--colour"], "--colour"),
    "unknown format": (["check", "crawl", "--output", "xml"], "no output format is called 'xml'; there are "),
    "unknown rule": (["check", "crawl", "--select", "navigatoin"], "did you mean navigation"),
    "unknown family": (["check", "crawl", "--ignore", "zzz"], "no rule is called 'zzz'"),
    "bad field": (["check", "crawl", "--field", "text"], "ROLE=NAME"),
    "unknown role": (["check", "crawl", "--field", "txet=body"], "txet"),
    "unknown encoding": (["check", "crawl", "--encoding", "utf-99"], "utf-99"),
    "an address without a cluster": (["check", "crawl", "--address", "10.0.0.1:6379"], "--engine ray"),
    "bad number": (["check", "crawl", "--workers", "-1"], "--workers"),
    "no configuration": (["check", "crawl", "--config", "nowhere.toml"], "nowhere.toml"),
    "unknown rule to explain": (["rule", "nonsense"], "no rule is called 'nonsense'"),
}


@pytest.mark.usefixtures("crawl")
@pytest.mark.parametrize(("words", "part"), USAGE.values(), ids=USAGE)
def test_a_mistake_of_the_user_is_status_2(crawlaudit: Command, words: list[str], part: str) -> None:
    ended = crawlaudit(*words)
    assert (ended.status, ended.out) == (2, "")
    assert part in ended.err
    assert "Traceback" not in ended.err
    assert not Path("crawlaudit-out").exists()


def test_a_mistake_in_the_configuration_is_status_2(crawlaudit: Command, crawl: Path, tmp_path: Path) -> None:
    (tmp_path / "crawlaudit.toml").write_text("worker = 2", encoding="utf-8")
    ended = crawlaudit("check", crawl)
    assert ended.status == 2
    assert ended.err.startswith("crawlaudit: ")
    assert "crawlaudit.toml: worker: unknown key 'worker'" in ended.err.replace("\n", " ")


@pytest.mark.parametrize(
    "words", [["nowhere"], ["nowhere/*.txt"], ["empty"], ["crawl", "nowhere"], ["crawl", "--out", "crawl/a.txt"]]
)
def test_what_cannot_be_done_is_status_3(crawlaudit: Command, crawl: Path, words: list[str]) -> None:
    (crawl.parent / "empty").mkdir()
    ended = crawlaudit("check", *words)
    assert (ended.status, ended.out) == (3, "")
    assert words[-1] in ended.err
    assert "Traceback" not in ended.err


def test_a_fault_is_status_3_with_its_traceback(
    crawlaudit: Command, crawl: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("audit.run.audit", faulty)
    ended = crawlaudit("check", crawl)
    assert (ended.status, ended.out) == (3, "")
    assert "ZeroDivisionError: a fault" in ended.err


def test_an_interruption_is_status_3(crawlaudit: Command, crawl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("audit.run.audit", interrupted)
    ended = crawlaudit("check", crawl)
    assert ended.status == 3
    assert ended.err.endswith("interrupted; what is done is kept, and the same command goes on from there\n")


def test_flags_reach_the_audit(crawlaudit: Command, tmp_path: Path) -> None:
    (tmp_path / "crawl").mkdir()
    lines = [json.dumps({"inhalt": DAMAGED, "id": "a"}, ensure_ascii=False), json.dumps({"inhalt": STORY, "id": "b"})]
    (tmp_path / "crawl" / "x.jsonl").write_text("\n".join(lines), encoding="utf-16-le")
    (tmp_path / "crawl" / "left-out.txt").write_text(STORY, encoding="utf-8")
    flags = (
        "--field",
        "text=inhalt",
        "--exclude",
        "left-*",
        "--ignore",
        "link_text",
        "--encoding",
        "utf-8",
        "--no-report",
        "--quiet",
    )
    (tmp_path / "crawl" / "x.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert crawlaudit("check", "crawl", *flags).status == 0
    summary = json.loads(Path("crawlaudit-out/summary.json").read_text(encoding="utf-8"))
    assert summary["counts"]["read"] == 2
    assert {row["family"] for row in summary["rules"]} == {"truncation", "chrome", "missing_lead"}
    assert summary["configuration"]["exclude"] == ["left-*"]


HOSTILE = "\x1b[31mred\x1b]0;title\x07 [bold]markup[bold] \u202eevil ::error::x.txt"


@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot exist there")
def test_hostile_names_are_made_visible(crawlaudit: Command, crawl: Path) -> None:
    (crawl / HOSTILE).write_text(DAMAGED, encoding="utf-8")
    (crawl / f"{HOSTILE}.jsonl").write_text("{", encoding="utf-8")
    for words in (["--output", "text"], []):
        ended = crawlaudit("check", crawl, *words)
        assert ended.status == 0
        shown = ended.out + ended.err
        assert "[U+001B]" in shown
        assert not set(shown) & set("\x1b\x07\u202e")
    ended = crawlaudit("check", f"nowhere{HOSTILE}")
    assert ended.status == 3
    assert "[U+001B][31mred" in ended.err
    assert not set(ended.err) & set("\x1b\x07\u202e")


SAMPLE = Path(__file__).parent / "samples" / "labelled.jsonl"


def test_evaluate_prints_tables_or_json_and_writes_a_page(crawlaudit: Command, tmp_path: Path) -> None:
    ended = crawlaudit("evaluate", SAMPLE, "--limit", "5", "--html", "sub/page.html", "--given", "text")
    assert (ended.status, ended.err) == (0, "")
    assert "| Leftover chrome " in ended.out
    assert "Evaluation on labelled texts" in (tmp_path / "sub" / "page.html").read_text(encoding="utf-8")
    told = json.loads(crawlaudit("evaluate", SAMPLE, "--limit", "5", "--format", "json").out)
    assert told["all"]["pages"] == 5
    assert set(told["all"]["families"]) == {"truncation", "chrome", "missing_lead", "link_text"}


@pytest.mark.parametrize(
    ("words", "status", "part"),
    [
        (["evaluate", "nowhere"], 3, "nowhere: no lines.parquet"),
        (["evaluate", "bad.jsonl"], 3, "bad.jsonl:2: not valid JSON"),
        (["evaluate", str(SAMPLE), "--folds", "1"], 2, "--folds"),
        (["evaluate", str(SAMPLE), "--kind", "poem"], 2, "the kinds are"),
        (["train", "bad.jsonl", "--out", "models"], 3, "bad.jsonl:2: not valid JSON"),
        (["train", str(SAMPLE)], 2, "--out"),
        (["train", str(SAMPLE), "--out", "models", "--folds", "99"], 2, "99 folds need as many pages"),
        (["check", "crawl", "--models", "nowhere"], 2, "no lines.npz, decisions.npz, quality.npz, gaps.npz in nowhere"),
    ],
)
@pytest.mark.usefixtures("crawl")
def test_mistakes_around_labelled_texts(crawlaudit: Command, words: list[str], status: int, part: str) -> None:
    Path("bad.jsonl").write_text('{"id": "a", "text": "It rained.", "spans": []}\n{', encoding="utf-8")
    ended = crawlaudit(*words)
    assert (ended.status, ended.out) == (status, "")
    assert part in ended.err
    assert "Traceback" not in ended.err
    assert not Path("models").exists()


@pytest.mark.usefixtures("few_lines")
def test_train_and_check_with_what_it_made(crawlaudit: Command, crawl: Path) -> None:
    ended = crawlaudit("train", SAMPLE, "--out", "own", "--folds", "2")
    assert ended.status == 0
    assert "lines.npz" in ended.out
    assert crawlaudit("check", crawl, "--models", "own", "--quiet", "--no-report").status == 0
    summary = json.loads(Path("crawlaudit-out/summary.json").read_text(encoding="utf-8"))
    card = json.loads(Path("own/models.json").read_text(encoding="utf-8"))
    assert summary["tool"]["models"]["lines"] == card["models"]["lines.npz"]["sha256"]
    assert summary["configuration"]["models"] == "own"


@pytest.mark.parametrize("name", ["lines", "decisions", "quality"])
@pytest.mark.parametrize(
    "content", [b"", b"not a model", b"PK\x05\x06" + bytes(18)], ids=["empty", "text", "no arrays"]
)
def test_a_broken_model_is_refused_before_the_work(crawlaudit: Command, crawl: Path, name: str, content: bytes) -> None:
    Path("own").mkdir()
    Path(f"own/{name}.npz").write_bytes(content)
    ended = crawlaudit("check", crawl, "--models", "own")
    assert (ended.status, ended.out) == (3, "")
    assert f"{name}.npz: not a model of this version" in ended.err
    assert not Path("crawlaudit-out").exists()


def test_a_crawl_of_which_nothing_can_be_read(crawlaudit: Command, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{\n[\n", encoding="utf-8")
    ended = crawlaudit("check", "a.jsonl")
    assert ended.status == 3
    assert "nothing to judge" in ended.err
    assert json.loads(Path("crawlaudit-out/summary.json").read_text(encoding="utf-8"))["counts"]["unread"] == 2


def test_rules_are_listed(crawlaudit: Command) -> None:
    ended = crawlaudit("rule")
    assert ended.status == 0
    assert all(code in ended.out for code in rules())


@pytest.mark.parametrize("word", ["TR101", "tr101", "cut-mid-sentence"])
def test_a_rule_is_explained(crawlaudit: Command, word: str) -> None:
    ended = crawlaudit("rule", word)
    assert ended.status == 0
    assert "TR101" in ended.out
    assert "min_words" in ended.out


def test_every_rule_can_be_explained(crawlaudit: Command) -> None:
    for code in rules():
        assert crawlaudit("rule", code).status == 0


def test_version_and_help(crawlaudit: Command) -> None:
    assert crawlaudit("--version").out.startswith("crawlaudit ")
    for words in (["--help"], ["-h"], ["check", "--help"], ["rule", "-h"], ["train", "-h"], ["evaluate", "-h"]):
        ended = crawlaudit(*words)
        assert (ended.status, ended.err) == (0, "")
        assert "Usage" in ended.out
    assert all(name in crawlaudit("check", "--help").out for name in formats())


def test_as_a_process(crawl: Path, tmp_path: Path) -> None:
    ended = process("-m", "audit", "check", "crawl", "--no-report", cwd=tmp_path, FORCE_COLOR="1", NO_COLOR="1")
    assert ended.returncode == 0
    assert b"\x1b[3" not in ended.stdout
    ended = process("-m", "audit", "check", "nowhere", cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (3, b"")


def test_json_lines_on_standard_input(tmp_path: Path) -> None:
    line = json.dumps({"text": DAMAGED, "id": "from stdin"}).encode()
    words = [sys.executable, "-m", "audit", "check", "-", "--no-report", "--quiet", "--output", "jsonl"]
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1]), "PYTHONIOENCODING": "ascii"}
    ended = subprocess.run(
        words, cwd=tmp_path, input=line + b"\n", capture_output=True, env=environment, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    (row,) = [json.loads(row) for row in ended.stdout.splitlines()]
    assert (row["id"], row["source"]) == ("from stdin", "stdin:1")


def test_reuse_says_how_much_was_taken_over(crawlaudit: Command, crawl: Path) -> None:
    crawlaudit("check", crawl, "--no-report", "--out", "old")
    ended = crawlaudit("check", crawl, "--no-report", "--reuse", "old")
    assert "2 of 2 documents read reused from old" in ended.out
    ended = crawlaudit("check", crawl, "--no-report", "--reuse", "old", "--ignore", "CH404")
    assert "Nothing reused from old: not of the same configuration" in ended.out
    ended = crawlaudit("check", crawl, "--no-report", "--quiet", "--log-json", "--reuse", "old")
    *_, finished = map(json.loads, ended.err.splitlines())
    assert finished["reused"] == {"from": "old", "documents": 2, "of": 2, "differing": []}
    ended = crawlaudit("check", crawl, "--out", "new", "--reuse", "nowhere")
    assert (ended.status, Path("new").exists()) == (3, False)
    assert "nowhere holds no finished audit" in ended.err
    ended = crawlaudit("check", crawl, "--no-report", "--out", "first", "--reuse", "first")
    assert "Nothing reused from first: it held no results yet" in ended.out


def test_help_is_light(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['crawlaudit', '--help']\nfrom audit.cli import app\napp(standalone_mode=False)\n"
        "heavy = {'pandas', 'pyarrow', 'sklearn', 'numpy', 'trafilatura', 'pydantic', 'rich'} & set(sys.modules)\nsys.exit(' '.join(heavy) or 0)"
    )
    ended = process("-c", code, cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_help_says_in_whole_sentences_what_commands_do(tmp_path: Path) -> None:
    ended = process("-m", "audit", "--help", cwd=tmp_path)
    told = ended.stdout.decode().partition("Commands:")[2].splitlines()[1:]
    assert len(told) == len(cli.VERBS)
    assert [line for line in told if not line.endswith(".") or line.endswith("..")] == []


def test_an_audit_with_its_report_needs_no_pandas(crawl: str, tmp_path: Path) -> None:
    """It takes longer to import than a small crawl to audit, in every worker: pyarrow does it to look at a list."""
    code = (
        f"import sys; sys.argv = ['crawlaudit', 'check', {str(crawl)!r}, '--quiet']\nfrom audit.cli import app\napp(standalone_mode=False)\n"
        "sys.exit('pandas' in sys.modules)"
    )
    ended = process("-c", code, cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break in another way there")
def test_a_reader_that_leaves_is_no_fault(tmp_path: Path) -> None:
    """As in `crawlaudit rule | head -1`."""
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])}
    ended = subprocess.run(
        [sys.executable, "-m", "audit", "rule"],
        cwd=tmp_path,
        stdout=writing,
        stderr=subprocess.PIPE,
        env=environment,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert ended.returncode == 0
    assert b"Traceback" not in ended.stderr
    assert b"BrokenPipeError" not in ended.stderr


def test_strip_list_of_an_audit_and_of_its_results(crawlaudit: Command, tmp_path: Path) -> None:
    """A site's welcome (a phrase) and its own slogan (none) on every text, an intro on two."""
    folder = tmp_path / "crawl" / "paper.example"
    folder.mkdir(parents=True)
    for i in range(12):
        intro = "Part of our series about piers" if i < 2 else ""
        text = (
            f"Subscribe to our newsletter\n{intro}\n{STORY} It costs {i} million.\n\nAll about the harbour since 1911\n"
        )
        (folder / f"{i}.txt").write_text(text, encoding="utf-8")
    assert crawlaudit("check", "crawl", "--strip-list", "strip.txt", "--no-report").status == 0
    assert crawlaudit("report", "crawlaudit-out", "--strip-list", "strip.json").status == 0
    template = {"Subscribe to our newsletter", "All about the harbour since 1911"}
    assert set(Path("strip.txt").read_text(encoding="utf-8").splitlines()) == template
    rows = json.loads(Path("strip.json").read_text(encoding="utf-8"))
    assert {(r["line"], r["site"], r["documents"], r["of"]) for r in rows} == {
        (line, "paper.example", 12, 12) for line in template
    }
    assert crawlaudit("report", "crawlaudit-out", "--strip-list", "crawl/paper.example").status == 3


def test_breaks_reach_summary_and_terminal(crawlaudit: Command, tmp_path: Path) -> None:
    rows = []
    for n in range(120):
        day, old = f"2026-{1 + n // 28:02}-{1 + n % 28:02}", n < 60
        start = f"{STORY} It costs {n} million." if old else f"lf of the {STORY[4:]} It costs {n} million."
        rows.append(
            {"id": str(n), "url": f"https://example.com/{n}", "date": day, "text": f"{start}\n\n{STORY} Again {n}."}
        )
    Path("c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    ended = crawlaudit("check", "c.jsonl", "--no-report")
    assert "From 5 March 2026 on, 100 % of example.com lack their lead; before, 0 %." in ended.out
    (found,) = json.loads(Path("crawlaudit-out/summary.json").read_text(encoding="utf-8"))["breaks"]
    assert (found["name"], found["since"], found["documents"], found["of"]) == ("example.com", "2026-03-05", 60, 60)
