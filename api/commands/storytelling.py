"""`holdfast case show`: one case as a story, each sentence with the position of its entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from api.commands import show
from api.commands.desk import Desk, at_desk, reference
from api.commands.options import Asking, Then
from api.editions import editions
from api.names import Names
from api.pages.words import day
from api.routes.people import persons_in, withheld, withheld_among
from api.standing import DEATH, Stands, stands
from api.story.chapters import Chapter, Passage, chapters
from api.story.saying import Voice, time
from domain.finding import Finding
from domain.refusal import NotFound
from domain.words import Fact, Forgotten, WorkerRef

_SEVERITIES: Final = {"high": 0, "medium": 1, "low": 2}
_UNCERTAIN: Final = "What may have happened by then, and may not"


def tell_case(asking: Asking, text: str, then: Then) -> None:
    """Show a case as a story: what happened, what is criticised in it, how that was answered."""
    with at_desk(asking) as desk:
        case, clocks = reference(text, "case"), desk.clocks(then)
        desk.must("case", case)
        found = stands(desk.office, case, clocks)
        desk.opened(found.now, case)
        desk.viewed("chronology", case=case, among=found.among, as_at=clocks.looked_at)
        findings: list[Finding] | None = None
        if desk.may("findings"):
            desk.viewed("findings", case=case, among=found.among, as_at=clocks.looked_at)
            findings = sorted(
                found.findings(desk.office),
                key=lambda one: (_SEVERITIES.get(one.severity, 3), one.position or 0),
            )
        voice = voice_of(desk, found)
        told = chapters(found.entries(_of_adult(desk, found)), voice)
        _heading(text, found, voice)
        for number, chapter in enumerate(told, start=1):
            _chapter(number, chapter)
        if found.left_out:
            _title(_UNCERTAIN)
            for fact in found.left_out:
                _line(f"[{fact.position}] {time(fact.occurred)}: {voice.say(fact)[0]}")
        _criticised(findings, voice)
        show.say("")
        desk.rests().foot()


def voice_of(desk: Desk, found: Stands) -> Voice:
    """What this reader may be told of whom: persons by name where the role and no case forbids."""
    names = Names(desk.office, found.clocks.as_at)
    facts = (*found.facts, *found.understood)
    people = {ref for fact in facts for ref in persons_in(fact.event)}
    open_names = people - withheld_among(desk.reader, people) if desk.may("details") else set()
    voice = Voice(
        nation=desk.office.jurisdiction,
        worker=lambda ref: names.worker(WorkerRef(ref)),
        person=lambda ref: names.person(ref) if ref in open_names else None,
        adult=found.case.adult,
        case=found.facts[0].stream,
        positions={
            (stream, one.version): one.position
            for stream, told in found.streams.items()
            for one in told
        },
        editions=editions(found.understood),
    )
    voice.learn(facts)
    return voice


def _of_adult(desk: Desk, found: Stands) -> Sequence[Fact[Any]]:
    """What was told of the adult by then, where it tells their death and this reader may know it.

    Looking there is a look at the person, and leaves its trace.
    """
    adult, as_at = found.case.adult, found.clocks.as_at
    if adult is None or not desk.may("details"):
        return ()
    try:
        facts = desk.office.handler.told_of(adult, as_at=as_at)
    except NotFound:  # a referral may name somebody nobody has registered yet
        return ()
    if DEATH not in {one.header.name for one in facts} or withheld(desk.reader, adult):
        return ()
    desk.viewed("person", person=adult, as_at=as_at)
    return facts


def _heading(text: str, found: Stands, voice: Voice) -> None:
    case = found.case
    name = None if case.adult is None else voice.person(case.adult)
    _title(f"The story of case {text}")
    if name is not None:
        _line(f"The adult is {name}.")
    known = max((*found.facts, *found.understood), key=lambda one: one.position)
    if found.brought:
        others = ", ".join(f"case {str(one)[:8]}" for one in sorted(found.brought))
        _line(f"It is read with {others}: what was recorded there is told here, and says so.")
    _line(
        f"As it was known at [{known.position}], recorded on {day(known.recorded_at.date())};"
        f" judged on {day(found.clocks.on)}. A number in brackets is the position of the entry"
        " that a sentence is made from."
    )
    if case.erased:
        _line("Details of this case were lawfully erased: where they stood, it says so.")


def _chapter(number: int, chapter: Chapter) -> None:
    _title(f"{number}. {chapter.title}")
    for passage in chapter.passages:
        _passage(passage)
    for step in chapter.steps:
        _line(step.title, style="italic")
        for passage in step.passages:
            _passage(passage)


def _passage(passage: Passage) -> None:
    told = "; ".join((str(passage.position), passage.by, *passage.marks))
    _line(f"{passage.when}: {passage.words} [{told}]")
    for line in passage.lines:
        _line(f"– {line.strip()}", indent=6 if line.startswith(" ") else 4)


def _criticised(findings: Sequence[Finding] | None, voice: Voice) -> None:
    """What the sources would criticise: what is open, then what was answered and how."""
    if findings is None:
        _title("What the sources would criticise: not shown to this role")
        return
    opened = [one for one in findings if one.answer is None]
    _title(f"What the sources would criticise: {len(opened) or 'nothing'} open")
    for one in opened:
        _line(f"{one.severity.capitalize()}: {_finding(one)}")
    answered = [one for one in findings if one.answer is not None]
    if answered:
        _title("What was answered")
    for one in answered:
        _line(_finding(one))
        _line(_answer(one, voice), indent=4)


def _finding(one: Finding) -> str:
    since = "" if one.since is None else f", since {time(one.since)}"
    place = "" if one.position is None else f"{one.position}; "
    words = one.words if one.words.endswith(".") else f"{one.words}."
    return f"{words} [{place}{', '.join(one.rules)}{since}]"


def _answer(one: Finding, voice: Voice) -> str:
    answer = one.answer
    if answer is None:
        return ""
    match answer.reason:
        case None:
            reason = ""
        case Forgotten():
            reason = " The reason was forgotten."
        case passage:
            reason = f" “{passage.text}”"
    result = voice.nation.label("finding_answer", answer.result)
    when, by = time(answer.when), voice.worker(answer.by)
    return f"{result}.{reason} [{answer.position}; {by}, {when}]"


def _title(text: str) -> None:
    console = show.screen()
    console.print()
    console.print(Text(show.safe(text).plain, style="bold"))


def _line(text: str, *, indent: int = 2, style: str = "") -> None:
    """A line of the story, folded under itself."""
    console: Console = show.screen()
    words = Text(show.safe(text).plain, style=style)
    console.print(Padding(words, (0, 0, 0, indent), expand=False))
