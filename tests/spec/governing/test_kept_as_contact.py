"""A case of which an enquiry is recorded is kept as more than a contact (L15)."""

from __future__ import annotations

from dataclasses import replace

from domain.retaining import SetRetentionClass
from domain.words import Code
from tests.controls import a_referral, an_enquiry
from tests.given import given

RULES = ("R166",)
CONTACT = SetRetentionClass(retention_class=Code("contact_only"), trigger=Code("last_contact"))


def test_a_contact_that_became_an_enquiry_is_kept_as_one() -> None:
    """Kept as a contact only it is a finding, until it has another class; a contact is none."""
    code = "retention_contact_with_enquiry"
    given(a_referral()).when(CONTACT).then_no_finding(code)
    kept = given(a_referral(), an_enquiry()).when(CONTACT).then_finding(code, severity="low")
    record = replace(CONTACT, retention_class=Code("case_record"))
    kept.when(record).then_no_finding(code)
