"""One whole case asked through the doors, day by day, by the people whose part each step is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from api.clock import FixedClock
from api.identity import DEVELOPMENT
from api.office import Office
from domain.when import LONDON, read
from domain.words import Code
from tests.conftest import Database
from tests.doors.conftest import Doors, settings_for

Json = dict[str, Any]
MORNING = time(9)


def an_office(database: Database, folder: Path, nation: str, first: str) -> Office:
    """Give an office of a nation, not open yet, whose clock stands on the morning of a day."""
    settings = settings_for(database, folder, HOLDFAST_NATION=nation)
    return Office(settings, clock=FixedClock(morning(first)))


def morning(day: str) -> datetime:
    """Give nine o'clock of a local day."""
    found = read(day).day
    assert found is not None
    return datetime.combine(found, MORNING, LONDON)


def attendance(role: str, organisation: str | None = "council", **more: str) -> Json:
    """Give a line of an attendance grid: somebody who came, with authority to decide.

    Of whoever is of no organisation a form says that it is not stated, and so does this.
    """
    line: Json = {"role": role, "attendance": "attended", **more}
    if organisation is not None:
        return line | {"organisation": organisation, "delegated_authority": "yes"}
    return line | {"delegated_authority": "not_stated"}


def digest(text: str) -> str:
    """Give the digest of a document."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(slots=True)
class Script:
    """A case as far as it has been asked; `role` is who asks unless a step says otherwise."""

    doors: Doors
    case: str = ""
    adult: str = ""
    refs: dict[str, str] = field(
        default_factory=dict
    )  # what was made, by a name of the story's own
    versions: dict[str, int] = field(default_factory=dict)  # where each command last stands
    version: int = 0
    role: str = "practitioner"
    chair_role: str = "safeguarding_adults_manager"
    guests: dict[str, tuple[str, str]] = field(default_factory=dict)  # who is asked to meetings

    def on(self, day: str) -> None:
        """Go on to the morning of a day."""
        clock = self.doors.office.clock
        assert isinstance(clock, FixedClock)
        clock.move_to(morning(day))

    def begin(self, **command: Any) -> Mapping[str, str]:  # noqa: ANN401 — any JSON
        """Receive the referral; give what was made."""
        body = {"command": {"adult": self.adult, **command}, "occurred": command["received"]}
        answer = self._answer(self.doors.post("/v1/cases", body, Holdfast_Role=self.role))
        self.case, self.version = answer["stream"], answer["version"]
        return self._made(answer)

    def ask(
        self,
        name: str,
        /,
        *,
        by: str | None = None,
        occurred: str | None = None,
        known_to: tuple[str, ...] = (),
        **command: Any,  # noqa: ANN401 — any JSON
    ) -> Mapping[str, str]:
        """Ask one command of the case, a minute after the last; give what was made."""
        clock = self.doors.office.clock
        assert isinstance(clock, FixedClock)
        clock.forward(timedelta(minutes=1))
        when = occurred or clock.now().astimezone(LONDON).date().isoformat()
        body = {
            "occurred": when,
            "command": command,
            "known_to": [{"agency": agency, "since": when} for agency in known_to],
        }
        answer = self._answer(
            self.doors.post(
                f"/v1/cases/{self.case}/{name}",
                body,
                version=self.version,
                Holdfast_Role=by or self.role,
            )
        )
        self.version = answer["version"]
        self.versions[name] = self.version
        if name in {"hold-conference", "hold-core-group"}:
            takes: Json = {"by": "minute_taker", "conference": command["conference"]}
            self.ask("keep-raw-notes", **takes, form="handwritten")
            told = [{"role": role, "organisation": to} for role, to in self.guests.values()]
            self.ask("circulate-decisions", **takes, recipients=told)
        return self._made(answer)

    def refused(self, name: str, /, **command: Any) -> Json:  # noqa: ANN401 — any JSON
        """Ask what the rules refuse; give the problem."""
        path = f"/v1/cases/{self.case}/{name}"
        answer = self.doors.post(
            path, {"command": command}, version=self.version, Holdfast_Role="manager"
        )
        assert answer.status_code >= 400, answer.text
        problem: Json = answer.json()
        return problem

    def meet(self, kind: str, **command: Any) -> str:  # noqa: ANN401 — any JSON
        """Call a meeting of that kind, name who leads it, and ask every guest; give its ref."""
        agencies = sorted({organisation for _role, organisation in self.guests.values()})
        called: Json = {"kind": kind, "agencies": agencies, **command}
        called["convened_role"] = "lead_agency_manager"
        made = self.ask("convene-conference", by="manager", **called)
        conference = self.refs[kind] = made["conference"]
        chair: Json = {"chair": self.worker("chair"), "role": self.chair_role}
        council: Json = {"conference": conference, "organisation": "council"}
        self.ask("appoint-chair", by="manager", **council, **chair)
        taker = self.worker("minute_taker")
        self.ask("appoint-minute-taker", by="manager", **council, minute_taker=taker)
        for name, (role, organisation) in self.guests.items():
            guest: Json = {"role": role, "organisation": organisation}
            invited = self.ask("invite-participant", conference=conference, **guest)
            self.refs[f"{kind}-{name}"] = invited["participant"]
        return conference

    def grid(self, kind: str, **came: str) -> list[Json]:
        """Give the professionals' lines of the attendance grid; `came` where one did not."""
        lines = [attendance("chair")]
        for name, (role, organisation) in self.guests.items():
            who = {"participant": self.refs[f"{kind}-{name}"]}
            how = came.get(name, "attended")
            lines.append(attendance(role, organisation, **who, attendance=how))
        return lines

    def write_up(
        self, kind: str, *more: Json, redacted: str | None = None, away: tuple[str, ...] = ()
    ) -> None:
        """Draft and approve the minutes, and send every guest a copy, and `more` people theirs.

        That those who were `away` have one too the chair decides.
        """
        conference = self.refs[kind]
        master = digest(f"the approved minutes of {conference}")
        takes: Json = {"by": "minute_taker", "conference": conference}
        if "initial" in self.refs and kind == "review":
            earlier: Json = {"previous": self.refs["initial"], "accuracy": "agreed"}
            self.ask("consider-previous-minutes", **takes, **earlier)
        drafted: Json = {"form": "multi_agency", "digest": master, "from_record": True}
        made = self.ask("draft-minutes", **takes, **drafted)
        approved: Json = {"document": made["document"], "master": master}
        self.ask("approve-minutes", by="chair", conference=conference, **approved)
        if redacted is not None:
            decided: Json = {"decided_by": self.worker("chair")}
            left_out = [{"ground": "part_not_attended", "part": 1, **decided}]
            copy: Json = {"source": master, "copy": redacted, "redactions": left_out}
            self.ask("produce-redacted-copy", **takes, **copy)
        copies: list[Json] = [
            {
                "participant": self.refs[f"{kind}-{name}"],
                "role": role,
                "organisation": organisation,
                "method": "secure_email",
                "basis": "information_sharing",
            }
            for name, (role, organisation) in self.guests.items()
        ]
        for name in away:
            role, organisation = self.guests[name]
            to: Json = {"role": role, "organisation": organisation, "basis": "chairs_permission"}
            self.ask("permit-release", by="chair", what="minutes", **to)
            copies[[*self.guests].index(name)]["authority"] = self.version
        if any(one["role"] == "adult" for one in more):
            self.ask("assess-minutes-share-risk", conference=conference, result="safe")
        sent = [{"copy": master, "source": master, **one} for one in (*copies, *more)]
        self.ask("circulate-minutes", **takes, recipients=sent)

    def worker(self, role: str) -> str:
        """Give the reference of whoever asks in a role."""
        office = self.doors.office
        return str(office.worker(DEVELOPMENT, role, "Development identity", Code(role)))

    def timeline(self, **query: str) -> list[Json]:
        """Give the entries of the timeline, on one page."""
        asked = {"limit": "500", **query}
        entries: list[Json] = self._read(f"/v1/cases/{self.case}/timeline", asked)["entries"]
        return entries

    def names(self, **query: str) -> list[str]:
        """Give the names of the timeline's entries."""
        return [entry["name"] for entry in self.timeline(**query)]

    def entry(self, name: str, **query: str) -> Json:
        """Give the last entry of a name, in the order recorded."""
        named = [one for one in self.timeline(**query) if one["name"] == name]
        return max(named, key=lambda one: int(one["position"]))

    def findings(self, **query: str) -> list[Json]:
        """Give what the sources would criticise."""
        found: list[Json] = self._read(f"/v1/cases/{self.case}/findings", {"show": "all", **query})[
            "findings"
        ]
        return found

    def codes(self, **query: str) -> set[str]:
        """Give the codes of the findings."""
        return {one["code"] for one in self.findings(**query)}

    def summary(self, **query: str) -> Json:
        """Give where the case stands."""
        return self._read(f"/v1/cases/{self.case}", query)

    def caseload(self, **query: str) -> list[Json]:
        """Give the rows of the caseload."""
        rows: list[Json] = self._read("/v1/cases", query)["cases"]
        return rows

    def overdue(self, **query: str) -> list[tuple[str, str | None]]:
        """Give the cases past their review, each with the rule of the date that passed."""
        rows = self._read("/v1/reviews/overdue", query)["cases"]
        return [(one["case"], one["due_rule"]) for one in rows]

    def returned(
        self, year: int, table: str, **query: str
    ) -> dict[tuple[str, str, str], list[str]]:
        """Give the cells of a return table that are not zero, each with the cases it counts."""
        cells = self._read(f"/v1/returns/{year}/{table}", query)["cells"]
        opened = {
            (one["enquiry_type"], one["category"], one["subcategory"]): [
                counted["case"] for counted in self._read(one["links"]["counted"], {})["counted"]
            ]
            for one in cells
            if one["value"]
        }
        assert [len(cases) for cases in opened.values()] == [
            one["value"] for one in cells if one["value"]
        ]
        return opened

    def _read(self, path: str, query: Mapping[str, str]) -> Json:
        self.doors.catch_up()
        answer = self.doors.client.get(
            path, params=dict(query) or None, headers={"Holdfast-Role": "manager"}
        )
        assert answer.status_code == 200, answer.text
        body: Json = answer.json()
        return body

    def _answer(self, answer: Any) -> Json:  # noqa: ANN401 — the client's response
        assert answer.status_code == 201, answer.text
        body: Json = answer.json()
        UUID(body["stream"])
        return body

    def _made(self, answer: Json) -> Mapping[str, str]:
        made: Mapping[str, str] = answer["made"]
        return made


def register(doors: Doors, **details: str) -> str:
    """Register a person as a practitioner; give the reference."""
    body = {"command": {"details": details}}
    answer = doors.post("/v1/persons", body, Holdfast_Role="practitioner")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["stream"])


def due(entry: Json, name: str) -> str:
    """Give a due date that stands in an entry."""
    return str(entry["data"][name]["on"])
