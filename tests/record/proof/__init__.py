"""Tests of the transparency log over the record's positions."""
