"""Short texts for the made-up record, in plain words that respect everybody in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# What was said when the concern came in, by what is alleged.
ACCOUNTS: Final[Mapping[str, tuple[str, ...]]] = {
    "neglect": (
        "Morning care was missed on three days of the last week.",
        "Found without drinks within reach, and with sore skin that had not been reported.",
        "Medicine was not given for two days and nobody had noticed.",
    ),
    "self_neglect": (
        "Not eating well and declining help; the kitchen could not be used.",
        "Letters unopened for months, and the heating is off.",
    ),
    "self_harm": ("Told a visitor of hurting themself again this week.",),
    "physical": (
        "Bruising to the forearm; the accounts of how it came about differ.",
        "Said that they were pushed during an argument.",
    ),
    "psychological": (
        "Described being shouted at most evenings.",
        "Is told not to speak to visitors, and seems afraid to.",
    ),
    "financial": (
        "Savings have fallen quickly, and the bank card is with somebody else.",
        "Was asked to sign papers they did not understand.",
    ),
    "domestic": ("Has asked for help because of a partner's behaviour at home.",),
    "sexual": ("Disclosed unwanted touching. The police were told at once.",),
    "organisational": ("Several families describe the same rushed care on the unit.",),
    "institutional": ("Several families describe the same rushed care on the unit.",),
    "discriminatory": ("Was called names because of a disability.",),
}
ACCOUNT: Final = (
    "Somebody was worried, and explained clearly why.",
    "A pattern over several weeks, described by two people apart.",
)
DETAILS: Final = (
    "Seen by the referrer.",
    "Told to the referrer by the adult.",
    "Heard at second hand.",
)
DUTY_MET: Final = (
    "All criteria are met: needs for care, a risk of harm, and no way of staying safe alone.",
    "The adult depends on the person concerned and cannot prevent a recurrence alone.",
)
DUTY_NOT_MET: Final = (
    "The adult can keep safe with the support in place; its review will be brought forward.",
    "A concern about the quality of a service; passed on with the adult's agreement.",
    "The adult explained what happened and is content with what was put in place.",
)
OUTCOMES: Final = (
    "I want to stay in my own home.",
    "I want somebody to listen to me before they decide things.",
    "I would like my money looked after properly.",
    "I want to see my sister again without arguments.",
    "I want the carers to come when they say they will.",
    "I want it to stop.",
)
CAPACITY: Final = (
    "Could say back what the risk is and what the choices are, and weighed them.",
    "Seen twice, at the time of day that suits best; an interpreter was offered.",
)
LACKS: Final = (
    "Could not keep hold of the information long enough to weigh it, on two visits.",
    "Understood the words but could not use them to decide, even with pictures and time.",
)
FOLLOWS: Final = (
    "Takes time to follow what is said, and loses the thread when several people speak.",
    "Follows with pictures and short sentences; longer talks are lost by the next day.",
)
MEET_AGAIN: Final = "The plan is new, and what it does is to be looked at together."
NOT_AGAIN: Final = "What remains is known to everybody who was there, and is in hand."
AS_ASKED: Final = "Ends as the adult asked, who knows the risk and how to come back."
SPEAKS_ALONE: Final = "Understands what this is about, and speaks for themself."
RISKS: Final = (
    "Help now comes twice a day and the lock has been changed.",
    "The risk depends on who visits; that is now known in advance.",
    "Little has changed yet, so the risk is as it was.",
)
REPORTS: Final = (
    "Three people were spoken with, two records were read, and the adult was seen alone.",
    "The accounts agree on what happened and differ on why.",
)
VIEWS: Final = (
    "I would like to be asked before anybody speaks to my family.",
    "I am glad somebody came. I do not want to move.",
    "I want them told, but I do not want anybody punished.",
)
DECLINES: Final = (
    "I would rather not sit in a room full of people.",
    "You can tell them what I told you.",
)
FINDINGS: Final = (
    "Two accounts and the record of visits agree, which makes it more likely than not.",
    "The accounts differ and nothing else was found that decides between them.",
    "What was seen has another explanation that is at least as likely.",
)
RESIDUAL: Final = ("Visits continue for six weeks, and the adult has a direct number to ring.",)
CONTINGENCY: Final = (
    "If a visit is missed, the coordinator is rung the same day and goes.",
    "If it happens again, the police are called and the meeting is brought forward.",
)
PARTS: Final = (
    "Chose the order of the actions and the words used for them.",
    "Was shown a draft at home and changed two points.",
)
ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "safety": ("Two visits a day, by people the adult knows.", "A door answering system."),
    "support": ("A place at the day centre, tried out first.", "Help with letters and money."),
    "involvement": ("An advocate visits before each meeting.",),
}
CLOSING: Final = (
    "The risk has been reduced and the adult knows whom to ring.",
    "What was asked for has been done; nothing is outstanding.",
)
CLOSING_VIEWS: Final = ("Glad that it is over.", "Content, and knows how to come back.")
REFUSED: Final = ("The adult said no to any further visits.",)
DELAYS: Final = (
    "The adult was in hospital and wished to be there.",
    "A report from the police was awaited.",
)
RELATIVES: Final = ("Rang again, more worried than before.", "Saw the same thing a second time.")
IMPORTED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {  # by agency: kind, words
    "police": (
        ("observation", "Attended after a call; all quiet, advice given."),
        ("allegation", "A neighbour said there had been shouting again."),
        ("fact", "A report was taken and not taken further, as the caller asked."),
    ),
    "gp-practice": (
        ("fact", "Seen at the surgery; weight down since the last visit."),
        ("opinion", "Thought to be managing, with less to spare than before."),
        ("fact", "Two appointments missed; a letter was sent."),
    ),
    "housing": (
        ("observation", "A neighbour rang about noise at night."),
        ("fact", "Repairs refused twice; rent was paid throughout."),
    ),
    "ambulance": (
        ("fact", "Attended a fall; not taken to hospital."),
        ("observation", "Little food in the house; said that shopping comes on Fridays."),
    ),
    "day-centre": (
        ("opinion", "Seemed more withdrawn than in the spring."),
        ("observation", "Came in the same clothes all week and did not wish to say why."),
    ),
}
IMPORTED_FROM: Final = "The agency's own chronology, as it was sent to the council."
LARGE_SCALE: Final = "One of several adults in the same home; all are looked at together."
LANGUAGES: Final = ("English", "Welsh", "Gaelic", "Polish", "Urdu", "British Sign Language")
CORRECTED: Final = ("The channel was entered wrongly: it came by telephone.",)
CORRECTED_AGAIN: Final = "The first correction was itself wrong: it came by e-mail, then telephone."
REDATED: Final = "The agency has looked again, and it was in another month."
WITHDRAWN: Final = "This belongs in the record of somebody else, and did not happen here."
ANNOTATED: Final[tuple[tuple[str, str], ...]] = (
    ("disputed", "The adult does not agree that it was like this, and says it was later."),
    ("significance", "Seen from now this was the third time in a year."),
    ("context", "The heating had failed in the whole street that week."),
    ("question", "Who was told of this at the time?"),
)
DISSENT: Final = (
    "Holds that the risk is higher than the conference found, and would review sooner.",
    "Would not have shared the plan with the provider.",
)
HELD: Final = "Asked for in writing; the letter is with the case."
DEATHS: Final = ("Died in hospital, after a short illness.", "Found by the morning carer.")
REOPENED: Final = (
    "The same thing was reported again by somebody else.",
    "Closed before the adult's own answer had come.",
)
PASSAGES: Final[Mapping[str, tuple[str, ...]]] = {  # of minutes, by section
    "adults_words": ("The adult said what matters to them, in the words used here.",),
    "discussion": (
        "Those present went through the visits of the last month, and where the accounts differ.",
        "What would make the week safer was gone through day by day.",
    ),
    "decisions": ("The decisions were read out at the end, and nobody asked for other words.",),
}
INSERTED: Final = ("The provider's own comments on the discussion, sent in afterwards.",)
AMENDMENTS: Final = (
    "The passage on the visits should say that two were missed, not three.",
    "It should be said that our report was late because it was asked for late.",
)
AMENDED_BECAUSE: Final = ("Our own notes of the meeting say so.",)
AMENDED: Final = ("The notes taken at the meeting bear this out.",)
NOT_AMENDED: Final = ("The notes taken at the meeting say what the minutes say.",)
WITHHELD: Final = ("The police asked that nothing goes to the provider yet.",)
OVERRIDDEN: Final = ("Two others in the house could be harmed in the same way.",)
TRANSFERRED: Final = ("It happened in their area, and they have agreed to look into it.",)
TASKS: Final = (
    "What was seen in the last three months, by whom, and what was done about it.",
    "Who visits when; who is rung first if something goes wrong.",
)
PARALLEL: Final = ("Both go on, and neither speaks with witnesses of the other first.",)
CHALLENGED: Final = ("It does not say who was asked, nor what the adult said.",)
HOME_BETTER: Final = ("New management, more staff at night, and visits without notice for a year.",)
HOME_APART: Final = ("What happened here had to do with a visitor, not with the home.",)
NOT_ALONE: Final = ("A relative did not leave the room; a second visit is arranged.",)
NEEDS: Final = ("Help in the morning and the evening, and somebody to go out with.",)
NO_ADVOCATE: Final = ("I can speak for myself, and my sister will come with me.",)
DECIDED_FOR: Final = ("To go on living at home, with visits in the morning and the evening.",)
NOT_PROVIDED: Final = ("Asked twice by telephone; they hold nothing of that time.",)
VENUES: Final = ("The room on the ground floor of the library, which the adult knows.",)
SAFE: Final = ("Nobody who may have caused harm is there, and the adult has a friend with them.",)
HOME_APART_MEETING: Final = ("Each adult's own meeting stands apart; what is alike is put once.",)
PARTED: Final = ("What concerns other people is heard first, and without the adult.",)
UNINVITED: Final = ("A colleague who knows the adult comes instead.",)
EXCLUDED: Final = ("The adult asked to speak without them in the room.",)
FRIENDS: Final = ("A neighbour of many years.",)
FAMILY: Final = ("Asked whether they might come.",)
FAMILY_NOT: Final = ("The adult would rather tell them afterwards.",)
PERMITTED: Final = ("Asked for advice on it; may keep it until that is given.",)
NOTHING_FURTHER: Final = ("What is in place covers what was found, and nothing is open.",)
ANSWERED: Final = ("This was agreed with, and is in the plan in these words.",)
CHALLENGES: Final = ("The plan was put to the adult as decided, before anybody had asked them.",)
NOT_APPLICABLE: Final = ("Nothing in what was found has to do with it.",)
LEGAL: Final = ("No step is proposed that would need an order.",)
ADVICE: Final = ("Advice was given and is kept apart.",)
INCIDENT: Final = ("Two agencies knew, and neither told the other for a month.",)
FACTS: Final = ("What was found, when, and what was done about it.",)
NEEDED: Final = ("They place adults with the same provider and have to keep them safe.",)
CHANGES: Final = ("Two people on each round, and a list of missed visits read every evening.",)
ISSUES: Final = (
    "We were told what was found only when we asked, three months later.",
    "My words were not put as I said them.",
)
READ: Final = ("Post is opened by the person concerned; the plan was read out instead.",)
PRESSURE: Final = ("Said one thing alone and another with the person concerned in the room.",)
AFTER_ORDER: Final = ("The lock was changed, and somebody the adult knows stays over at night.",)
COURT_REFUSED: Final = ("The sheriff held that less would do, and named what.",)
CONDITIONS: Final = ("May not come into the street, nor ring, nor send others.",)
NO_REVIEW: Final = ("The agencies worked together, and nothing points to another outcome.",)
LEFT_OUT: Final = ("The person concerned brings the adult everywhere; asked at the day centre.",)
ASKED_FOR: Final = ("Everything that is written about me, and by whom.",)
CLARIFIED: Final = ("Asked which years are meant.",)
THIRD: Final = ("Two passages are about somebody else, who has not agreed.",)
NOT_SO: Final = (
    "I was not at home that day, and never said what stands there.",
    "My brother's name stands where mine should.",
)
LOOKED_AT: Final = (
    "The notes of the visit were read again, and bear it out.",
    "It is the opinion of whoever wrote it, and is marked as that.",
)
KEPT: Final = ("Kept as long as the authority's schedule says.",)
AUDITED: Final = (
    "Decisions are clear; what the adult wanted could be put earlier.",
    "The reasons for not holding a meeting should stand beside the decision.",
)
REMEDY: Final = ("Write down who was asked for the adult's view, and when.",)
REVIEW: Final = (
    "Several agencies knew a part of it, and nobody had the whole.",
    "The adult died, and agencies might have worked together better.",
)
REVIEWED: Final = ("The board finds the criteria met, and has written down why.",)
QUESTIONS: Final = ("What did each agency know, when, and what did it do about it?",)
INACCURATE: Final = ("The visit was on the Tuesday, as the attached notes show.",)
NEEDED_BY: Final = ("Asked for by an order of the court, a copy of which is with the case.",)
STOOD_IN: Final = ("Covers for a colleague who is away, and has to know by tonight.",)
FINDING_ANSWERED: Final = (
    "It was done and not written down; the team has been reminded.",
    "Accepted: it should have been asked, and is now on the list for supervision.",
)
ONE_CASE: Final = ("Both are about the same days and the same person; read as one from now on.",)
APART_AGAIN: Final = ("It turned out that there were two matters; read apart again.",)
SPLIT: Final = ("This belongs to the other matter, and was entered here by mistake.",)
MISSPELT: Final = ("The name was taken down wrongly by telephone.",)
MISSPELT_AGAIN: Final = (
    "The correction had a letter too many; as it stands on the birth certificate."
)
