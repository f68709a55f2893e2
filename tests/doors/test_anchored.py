"""A head is stamped by a time-stamp authority, a real one made with openssl, and openssl agrees."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography.x509 import Certificate, load_pem_x509_certificates

from api import stamping
from api.office import Office
from api.proving import INTEGRATOR, Prover
from api.settings import Settings, read_settings
from api.troubles import Telling
from api.witnessing import authority_of_time
from domain.record.proof.anchoring import Ask, looked_at, stamped, when_stamped
from domain.record.proof.integrating import newest
from domain.record.proof.strict import Malformed, Unproved
from domain.refusal import Refused
from tests.conftest import Database
from tests.doors.conftest import Doors, opened_doors, settings_for

ALTERED = b"a stamp of this head, and a bit of its signature changed"
CONFIG = """
[tsa]
default_tsa = here
[here]
serial = ./serial
signer_cert = ./tsa.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ext]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
"""


def openssl(folder: Path, *words: str) -> str:
    """Run openssl in a folder; what it said."""
    done = subprocess.run(
        ["openssl", *words],
        cwd=folder,
        capture_output=True,
        check=True,
    )
    return (done.stdout + done.stderr).decode(errors="replace")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Give the address of a time-stamp authority, and its folder with `root.pem`."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    for name in ("root", "other"):
        openssl(
            folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name} CA",
            "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "3650",
        )  # fmt: skip
    openssl(
        folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Time of tests",
        "-keyout", "tsa.key", "-out", "tsa.csr",
    )  # fmt: skip
    openssl(
        folder, "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key",
        "-CAcreateserial", "-days", "3650", "-extfile", "tsa.cnf", "-extensions", "ext",
        "-out", "tsa.pem",
    )  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            (folder / "query.tsq").write_bytes(raw)
            openssl(
                folder, "ts", "-reply", "-queryfile", "query.tsq", "-config", "tsa.cnf",
                "-out", "answer.tsr",
            )  # fmt: skip
            answer = (folder / "answer.tsr").read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", folder
    server.shutdown()
    server.server_close()


@pytest.fixture
def timed(database: Database, tmp_path: Path, authority: tuple[str, Path]) -> Iterator[Doors]:
    """Give the doors of an office whose heads are stamped."""
    url, folder = authority
    settings = settings_for(
        database,
        tmp_path,
        HOLDFAST_TSA_URL=url,
        HOLDFAST_TSA_CA_FILE=str(folder / "root.pem"),
    )
    with Office(settings) as office, opened_doors(office) as opened:
        yield opened


def prove(doors: Doors) -> Path:
    """Make, stamp and publish a head; the folder of it."""
    proved(doors)
    return doors.office.settings.proof / "cases"


def proved(doors: Doors) -> Prover:
    """Make, stamp and publish a head; who did."""
    with doors.office.database.connect(INTEGRATOR) as conn:
        prover = Prover(doors.office, "cases", conn)
        while not prover.lead():
            pass
        prover.step(head=True)
        prover.settle()
    return prover


def test_openssl_verifies_what_is_published(timed: Doors, authority: tuple[str, Path]) -> None:
    """The stamp lies beside the head it is of, and openssl alone believes it by the root."""
    timed.person()
    folder = prove(timed)
    (stamp,) = (folder / "anchors").glob("*/*.tsr")
    head = stamp.with_suffix("")
    said = openssl(
        folder, "ts", "-verify", "-data", str(head), "-in", str(stamp),
        "-CAfile", str(authority[1] / "root.pem"),
    )  # fmt: skip
    assert "Verification: OK" in said
    roots = load_pem_x509_certificates((authority[1] / "root.pem").read_bytes())
    now = timed.office.clock.now()
    assert abs((now - when_stamped(stamp.read_bytes(), head.read_bytes(), roots)).days) < 1


def test_a_stamp_of_other_bytes_or_another_root_is_not_believed(
    timed: Doors, authority: tuple[str, Path]
) -> None:
    """A stamp holds for the bytes it was asked for, by the roots that were named."""
    timed.person()
    folder = prove(timed)
    (stamp,) = (folder / "anchors").glob("*/*.tsr")
    raw, head = stamp.read_bytes(), stamp.with_suffix("").read_bytes()
    root = load_pem_x509_certificates((authority[1] / "root.pem").read_bytes())
    other = load_pem_x509_certificates((authority[1] / "other.pem").read_bytes())
    for note, roots in ((head + b"\n", root), (head, other)):
        with pytest.raises(Unproved):
            when_stamped(raw, note, roots)
    with pytest.raises(Malformed):
        when_stamped(b"nothing", head, root)


@pytest.mark.parametrize(
    ("kept", "wrong"),
    [
        (b"no stamp at all", "it is no time-stamp that can be read"),
        (b"", "it is no time-stamp that can be read"),
        (None, "it is a time-stamp of other bytes"),
        (ALTERED, "its signature does not hold, whoever gave it"),
    ],
)
def test_each_stamp_is_held_to_the_head_it_is_kept_for(
    timed: Doors,
    authority: tuple[str, Path],
    kept: bytes | None,
    wrong: str,
) -> None:
    """What can be read and is of this head is found; garbage and another head's stamp are wrong."""
    timed.person()
    (stamp,) = (prove(timed) / "anchors").glob("*/*.tsr")
    with timed.office.database.connect(INTEGRATOR) as conn:
        timed.person()
        prove(timed)
        stamps = {None: stamp.read_bytes(), ALTERED: b""}
        if kept == ALTERED:
            head, time = newest(conn, "cases"), authority_of_time(timed.office.settings)
            assert head is not None
            assert time is not None
            raw, _ = stamped(head.note, *time)
            stamps[ALTERED] = raw[:-1] + bytes([raw[-1] ^ 1])
        row = conn.execute(
            "INSERT INTO record.anchor SELECT log, incarnation, size, %s, 0 FROM record.signed_head"
            " WHERE log = 1 ORDER BY size DESC LIMIT 1 RETURNING size",
            (stamps.get(kept, kept),),
        ).fetchone()
        assert row is not None
        roots = load_pem_x509_certificates((authority[1] / "root.pem").read_bytes())
        told = looked_at(conn, "cases", roots)
        unnamed = looked_at(conn, "cases", [])
    assert told.wrong == [f"what is kept as the time-stamp of {row[0]} entries: {wrong}"]
    assert [one[:13] for one in told.found] == ["1 time-stamps", "1 of them lea"]
    assert told.not_shown == []
    assert "entries 1 to" in told.found[1]
    assert "entries 1 to" not in str(unnamed.found)  # nobody says when, who could be believed
    assert "who gave them" in unnamed.not_shown[0]


def test_a_head_a_day_is_stamped(timed: Doors) -> None:
    """The next head of the same day has no stamp of its own: the first covers what lay before."""
    timed.person()
    prove(timed)
    timed.person()
    folder = prove(timed)
    assert len(list((folder / "anchors").glob("*/*.tsr"))) == 1


def test_an_authority_that_is_away_holds_nothing_back(
    database: Database, tmp_path: Path, authority: tuple[str, Path]
) -> None:
    """Heads are published without a stamp where nobody answers."""
    settings = settings_for(
        database,
        tmp_path,
        HOLDFAST_TSA_URL="http://127.0.0.1:9/",
        HOLDFAST_TSA_CA_FILE=str(authority[1] / "root.pem"),
    )
    with Office(settings) as office, opened_doors(office) as doors:
        doors.person()
        assert proved(doors).unstamped == "no-answer"
    folder = settings.proof / "cases"
    assert (folder / "checkpoint").is_file()
    assert not (folder / "anchors").exists()


def test_an_authority_that_hangs_holds_no_head_back(
    database: Database,
    tmp_path: Path,
    authority: tuple[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Heads are published while it is waited for; its stamp comes with a later one, or a word."""
    going = Event()

    def slow(settings: Settings) -> tuple[Ask, Sequence[Certificate]] | None:
        ask, roots = authority_of_time(settings) or pytest.fail("an authority is named")

        def late(request: bytes) -> bytes:
            if not going.wait(20):
                raise TimeoutError
            return ask(request)

        return late, roots

    monkeypatch.setattr(stamping, "authority_of_time", slow)
    monkeypatch.setattr(stamping, "RETRY_S", 0.0)
    named = {"HOLDFAST_TSA_URL": authority[0], "HOLDFAST_TSA_CA_FILE": f"{authority[1]}/root.pem"}
    with (
        Office(settings_for(database, tmp_path, **named)) as office,
        opened_doors(office) as doors,
        office.database.connect(INTEGRATOR) as conn,
    ):
        prover, telling = Prover(office, "cases", conn), Telling("cases")
        while not prover.lead():
            pass
        for _ in range(2):
            doors.person()
            prover.step(head=True)
            size = (office.settings.proof / "cases/checkpoint").read_text().splitlines()[1]
            assert size == str(office.record.log.tail())
        telling.keep(conn, None, {}, "no-answer")
        proof = doors.get("/health").json()["proof"]["cases"]
        assert (proof["trouble"], proof["witnesses"], proof["time_stamps"]) == (
            None,
            {},
            "no-answer",
        )
        assert not (office.settings.proof / "cases/anchors").exists()
        going.set()
        prover.settle()
        assert len(list((office.settings.proof / "cases/anchors").glob("*/*.tsr"))) == 1
        assert prover.unstamped is None


@pytest.mark.parametrize(
    ("scheme", "roots", "said"),
    [
        ("ftp", "root.pem", "HOLDFAST_TSA_URL"),
        ("https", "", "HOLDFAST_TSA_CA_FILE: name the roots"),
        ("https", "tsa.cnf", "HOLDFAST_TSA_CA_FILE: this is no PEM"),
        ("https", "absent.pem", "HOLDFAST_TSA_CA_FILE: this cannot be read"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_setting(
    authority: tuple[str, Path], tmp_path: Path, scheme: str, roots: str, said: str
) -> None:
    """An authority nobody could believe is refused when the proof begins."""
    file = str(authority[1] / roots) if roots else ""
    settings = read_settings(
        {
            "HOLDFAST_DATA": str(tmp_path),
            "HOLDFAST_TSA_URL": f"{scheme}://tsa.example/",
            "HOLDFAST_TSA_CA_FILE": file,
        }
    )
    with pytest.raises(Refused, match=said):
        authority_of_time(settings)
