"""Cues: a page as named numbers, from which `audit.decisions` tells what is missing at its ends and inside."""
