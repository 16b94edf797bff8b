"""What is otherwise than the program of before had it, on purpose: mended.json.

"sentences" are worded otherwise wherever they are said ("was", "now", "why"), a number at their
beginning being that number alone; "cases" have another verdict altogether ("why", "verdict"), by
"GROUP: NAME".
"""

import json
import re
from pathlib import Path

FILE = Path(__file__).with_name("mended.json")
MENDED = json.loads(FILE.read_text())


def reworded(verdict):
    if isinstance(verdict, dict):
        return {key: reworded(inner) for key, inner in verdict.items()}
    if isinstance(verdict, list):
        return [reworded(inner) for inner in verdict]
    if isinstance(verdict, str):
        for sentence in MENDED["sentences"]:
            verdict = re.sub(rf"(?<!\d){re.escape(sentence['was'])}", sentence["now"], verdict)
    return verdict


def promised(group: str, case: dict):
    """The verdict that a case must have."""
    mended = MENDED["cases"].get(f"{group}: {case['name']}")
    return mended["verdict"] if mended else reworded(case["verdict"])


def note(group: str, case: dict, verdict, why: str) -> None:
    MENDED["cases"][f"{group}: {case['name']}"] = {"why": why, "verdict": verdict}


def write() -> None:
    FILE.write_text(json.dumps(MENDED, indent=1, ensure_ascii=False) + "\n")
