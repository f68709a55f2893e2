"""The files around the code: pyproject, locks, make, the container, the README's commands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from csv import DictReader
from importlib.metadata import distributions

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from tests.house.tracked import ROOT, tracked

SECRET = re.compile(r"PASSWORD|SECRET|TOKEN")
ASKED_FOR = re.compile(r"\$\{[A-Z_]+:\?[^}]+\}")
# Programs a README may call besides make and holdfast.
PROGRAMS = {"cd", "curl", "docker", "git", "pip", "psql", "python", "python3", "source"}


def pyproject() -> dict[str, object]:
    """Read pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def make_targets() -> dict[str, str]:
    """Read the Makefile's targets for people: name and one-line help."""
    text = (ROOT / "Makefile").read_text("utf-8")
    return dict(re.findall(r"^([a-z-]+):.*?## (.+)$", text, flags=re.MULTILINE))


def compose() -> dict[str, dict[str, dict[str, object]]]:
    """Read docker-compose.yml, anchors resolved."""
    loaded = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def environments() -> Iterator[tuple[str, str, str]]:
    """List every environment variable a service is given: service, name, value."""
    for service, said in compose()["services"].items():
        environment = said.get("environment", {})
        assert isinstance(environment, dict), service
        for name, value in environment.items():
            yield service, name, str(value)


def test_every_exception_to_the_style_has_a_reason() -> None:
    """Every rule that pyproject.toml switches off stands on a line of its own with the reason."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    style = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.isort]")]
    rules = [line for line in style.splitlines() if re.match(r'\s+"[A-Z]+[0-9]*"', line)]
    assert rules
    assert [r for r in rules if not re.match(r'\s+"[A-Z]+[0-9]+",\s*# \S.{6,}$', r)] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_gives_versions_and_hashes_and_no_address(lock: str) -> None:
    """A lock pins each package exactly, with hashes, and leaves the registry to the installer."""
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links", text)
    pins = re.split(r"\n(?=[a-z])", text)[1:]
    assert pins
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    exact = re.compile(r"[a-z0-9-]+(\[[a-z0-9, -]+\])?==\S+ ")
    assert [pin.splitlines()[0] for pin in pins if not exact.match(pin)] == []


def locked(lock: str) -> dict[str, Version]:
    """Read the versions a lock pins."""
    text = (ROOT / lock).read_text("utf-8")
    pins = re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)", text, flags=re.MULTILINE)
    return {name: Version(version) for name, version in pins}


def test_what_is_asked_for_with_an_extra_is_locked_with_it() -> None:
    """A package that another asks for with an extra is pinned with that extra.

    The pip of Debian 12 does not join `coverage[toml]` to a pin of `coverage`: it looks for the
    newest release, which has no hash here, so that on the day of a release nobody can install.
    """
    text = (ROOT / "requirements-dev.lock").read_text("utf-8")
    found = re.findall(r"^([a-z0-9-]+)\[([^]]*)\]==", text, flags=re.MULTILINE)
    pinned = {name: {extra.strip() for extra in extras.split(",")} for name, extras in found}
    names = {re.sub(r"[-_.]+", "-", name).lower() for name in locked("requirements-dev.lock")}
    asked = [
        (canonical, wanted.extras)
        for dist in distributions()
        if re.sub(r"[-_.]+", "-", dist.name).lower() in names
        for wanted in map(Requirement, dist.requires or ())
        if wanted.extras and (wanted.marker is None or wanted.marker.evaluate({"extra": ""}))
        for canonical in [re.sub(r"[-_.]+", "-", wanted.name).lower()]
        if canonical in names
    ]
    assert ("coverage", {"toml"}) in asked
    assert [(name, extras) for name, extras in asked if not extras <= pinned.get(name, set())] == []


def test_the_locks_answer_pyproject() -> None:
    """Every dependency is locked within its range, and both locks agree."""
    said = pyproject()
    project, groups = said["project"], said["dependency-groups"]
    assert isinstance(project, dict)
    assert isinstance(groups, dict)
    run, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    for text, lock in [(t, run) for t in project["dependencies"]] + [
        (t, dev) for t in groups["dev"]
    ]:
        wanted = Requirement(text)
        assert lock[wanted.name.lower()] in wanted.specifier, f"{text}: run make lock"
    assert run.items() <= dev.items()


def test_a_survivor_that_is_explained_can_still_be_born() -> None:
    """What survivors.csv says of a line is said of one that stands there still."""
    with (ROOT / "benchmarks/survivors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(DictReader(file))
    assert rows
    for row in rows:
        assert row["why"], row
        assert row["before"] in (ROOT / row["file"]).read_text("utf-8"), row


def test_make_help_lists_every_target() -> None:
    """Every target a person may call has its line in `make help`."""
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == set(make_targets())


def test_make_coverage_holds_a_floor() -> None:
    """`make coverage` measures every room of the rules and the views, and fails below a floor."""
    told = subprocess.run(
        ["make", "--dry-run", "coverage"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert re.search(r"pytest .*--cov ", told.stdout)
    tool = pyproject()["tool"]
    assert isinstance(tool, dict)
    assert {"domain", "projections"} <= set(tool["coverage"]["run"]["source"])
    assert tool["coverage"]["report"]["fail_under"] >= 95


def test_every_change_is_held_to_that_floor() -> None:
    """What a change has to pass measures coverage, so that the floor is no mere promise."""
    assert re.search(r"^make test .*--cov ", (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE)


def test_every_service_is_watched_or_ends() -> None:
    """Each service of docker-compose.yml has a health check, or others wait for it to end."""
    services = compose()["services"]
    ends = {
        name
        for said in services.values()
        for name, how in (said.get("depends_on") or {}).items()  # type: ignore[attr-defined]
        if how["condition"] == "service_completed_successfully"
    }
    assert {name for name, said in services.items() if "healthcheck" not in said} == ends


def test_no_password_is_written_down_or_has_a_default() -> None:
    """A password in docker-compose.yml is always asked for, in a variable or inside an address."""
    for service, name, value in environments():
        inside = re.search(r"://[^:/@]+:(.+)@", value)
        if inside or SECRET.search(name):
            assert ASKED_FOR.fullmatch(inside[1] if inside else value), f"{service} {name}"
    assert not re.search(r"--password", (ROOT / "docker-compose.yml").read_text("utf-8"))


def test_every_setting_of_the_container_is_one_we_read() -> None:
    """Each setting given to a container is known to api/settings.py."""
    settings = ROOT / "api/settings.py"
    if not settings.exists():
        return
    known = settings.read_text("utf-8")
    image = re.findall(r"HOLDFAST_[A-Z_]+", (ROOT / "Dockerfile").read_text("utf-8"))
    given = {name for _, name, _ in environments() if not name.startswith("POSTGRES_")} | set(image)
    assert sorted(name for name in given if name not in known) == []


def test_the_record_starts_empty() -> None:
    """The container loads invented people only when told to."""
    assert ("app", "HOLDFAST_DEMO", "${HOLDFAST_DEMO:-}") in set(environments())


def commands() -> Iterator[tuple[str, list[str]]]:
    """List each command line of the READMEs' `sh` blocks, split into words."""
    for name in tracked():
        if name.rsplit("/", 1)[-1] != "README.md":
            continue
        text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
        for block in re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
            for line in block.splitlines():
                words = shlex.split(line.removeprefix("$ "), comments=True)
                while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                    words = words[1:]
                if words:
                    yield name, words


def test_the_commands_of_the_readmes_exist() -> None:
    """Every command a README shows is a make target, a holdfast command or a common program."""
    for name, (program, *rest) in commands():
        if program == "make":
            targets = [word for word in rest if "=" not in word and not word.startswith("-")]
            assert set(targets) <= set(make_targets()), f"{name}: make {' '.join(rest)}"
        elif program.endswith("holdfast"):
            script = "from api.cli import main; main()"
            found = subprocess.run(
                [sys.executable, "-c", script, *rest, "--help"],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert found.returncode == 0, f"{name}: holdfast {' '.join(rest)}\n{found.stderr}"
        else:
            assert program in PROGRAMS or program.startswith("./"), f"{name}: {program}"
