"""The evaluator of Terraform's expressions, on expressions whose values are known."""

import pytest

from hcl import HclError, Parser

EXPRESSIONS = [
    ('1 + 2 * 3 == 7 && !(2 > 3) ? "yes" : "no"', "yes"),
    ('"a${1 + 1}b${upper("c")}"', "a2bC"),
    ("{for k, v in {a = 1, b = 2} : upper(k) => v * 2 if v > 1}", {"B": 4}),
    ("[for v in [1, 2, 3] : v if v != 2]", [1, 3]),
    ('merge([for k in ["x", "y"] : {"${k}" = k}] ...)', {"x": "x", "y": "y"}),
    ('{a = [1, {b = "c"}]}.a[1].b', "c"),
    ('can(regex("^a+$", "aab"))', False),
    ("false || true && false", False),
    ("min(floor(60 / 7), 1 + floor(55 / 7))", 8),
    ('tostring(20) == "20" && tostring(0.25) == "0.25"', True),
]


@pytest.mark.parametrize("text, value", EXPRESSIONS)
def test_expressions(text, value):
    assert Parser(text).whole()({}) == value


@pytest.mark.parametrize("text", ["1 +", "a b", "(1", "[for]"])
def test_what_is_not_understood_is_not_passed_over(text):
    with pytest.raises((HclError, AssertionError)):
        Parser(text).whole()({})
