"""Receipts over the API and the command line: what was recorded is proved to whoever keeps one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.office import Office
from api.proving import Prover, Proving, newest_head, proved, receipt, signers
from domain.record.envelope import ENVELOPE_BYTES
from domain.record.migration import LOGS
from domain.record.proof.note import Verifier
from domain.record.proof.policy import read_policy
from domain.record.proof.receipt import read_receipt, verify_receipt
from domain.refusal import NotFound, Refused
