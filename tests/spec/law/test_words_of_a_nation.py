"""What codes and sentences of the rules are called in each nation."""

from __future__ import annotations

from domain.jurisdictions.england import ENGLAND
from domain.jurisdictions.scotland import SCOTLAND

RULES = ("R1",)


def test_a_code_that_no_list_has_is_shown_as_it_stands() -> None:
    """A code is called what its list says; of no list, or in none, it stands as it is (R1)."""
    assert ENGLAND.label("risk_level", "none") == "None"
    assert ENGLAND.label("risk_level", "as_yet_unheard") == "as_yet_unheard"
    assert ENGLAND.label("no_such_list", "none") == "none"


def test_scotland_inquires_where_england_enquires() -> None:
    """In Scotland every label and sentence speaks of inquiries, and of the Act's duty (R1)."""
    said = [text for of in SCOTLAND.lists.values() for text in of.values()]
    assert [text for text in said if "enquir" in text.lower()] == []
    role = "participant_role"
    assert SCOTLAND.label(role, "investigating_officer") == "Officer leading the inquiry"
    assert ENGLAND.label(role, "investigating_officer") == "Officer leading the enquiry"
    sentence = "Enquiries: the duty to enquire, and the enquiry."
    assert SCOTLAND.worded(sentence) == "Inquiries: the duty to make inquiries, and the inquiry."
    assert ENGLAND.worded(sentence) == sentence
