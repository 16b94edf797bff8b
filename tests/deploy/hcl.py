"""Evaluates the expressions of a Terraform module: as much of HCL as deploy/terraform uses.

Terraform itself is not asked: no package registry that the tests install from has it, nor its
provider. python-hcl2 reads the files and leaves expressions as text; this works them out, for given
variables. What only AWS knows, such as the ARN of something made, stays a name: `<aws_...>`.
"""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path

Scope = dict[str, object]
Expression = Callable[[Scope], object]


class Unknown:
    """An attribute of a resource, or the way to one. An index is no part of its name."""

    def __init__(self, path: str):
        self._path = path

    def get(self, name) -> "Unknown":
        return Unknown(f"{self._path}.{name}" if isinstance(name, str) else self._path)

    def __str__(self) -> str:
        return f"<{self._path}>"


def plain(value):
    """With names for what is unknown."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Unknown) else value


def text_of(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


class HclError(Exception):
    pass


def _regex(pattern: str, text: str) -> str | list[str]:
    found = re.search(pattern, text)
    if not found:
        raise HclError(f"{pattern} does not match {text}")
    return list(found.groups()) or found[0]


def _merge(*items: dict) -> dict:
    return {key: value for item in items if item is not None for key, value in item.items()}


def _one(items: list):
    assert len(items) < 2
    return items[0] if items else None


def _decoded(text: str):
    try:
        return json.loads(text)
    except ValueError as error:
        raise HclError(str(error)) from error


FUNCTIONS = {
    "alltrue": all,
    "contains": lambda items, item: item in items,
    "file": lambda path: Path(path).read_text(),
    "filebase64sha256": lambda path: f"<hash of {path}>",
    "floor": math.floor,
    "jsondecode": _decoded,
    "jsonencode": lambda value: json.dumps(plain(value)),
    "length": len,
    "lookup": lambda items, key, default: items.get(key, default),
    "lower": str.lower,
    "merge": _merge,
    "min": min,
    "one": _one,
    "range": lambda start, end, step: list(range(start, end, step)),
    "regex": _regex,
    "split": lambda separator, text: text.split(separator),
    "substr": lambda text, start, length: text[start : start + length],
    "tostring": text_of,
    "upper": str.upper,
}

OPERATORS = (
    {"||": lambda a, b: a or b},
    {"&&": lambda a, b: a and b},
    {"==": lambda a, b: a == b, "!=": lambda a, b: a != b},
    {
        "<=": lambda a, b: a <= b,
        ">=": lambda a, b: a >= b,
        "<": lambda a, b: a < b,
        ">": lambda a, b: a > b,
    },
    {"+": lambda a, b: a + b, "-": lambda a, b: a - b},
    {"*": lambda a, b: a * b, "/": lambda a, b: a / b},
)

SYMBOL = re.compile(r"\.\.\.|=>|\|\||&&|==|!=|<=|>=|[-+*/<>!?:=.,(){}\[\]]")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


class Parser:
    def __init__(self, text: str, at: int = 0):
        self._text = text
        self._at = at

    def whole(self) -> Expression:
        expression = self._conditional()
        self._space()
        if self._at != len(self._text):
            raise HclError(f"not understood: {self._text[self._at :]}")
        return expression

    # --- tokens

    def _space(self) -> None:
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1

    def _symbol(self) -> str:
        self._space()
        found = SYMBOL.match(self._text, self._at)
        return found[0] if found else ""

    def _take(self, *symbols: str) -> str:
        symbol = self._symbol()
        if symbol in symbols:
            self._at += len(symbol)
            return symbol
        return ""

    def _must(self, symbol: str) -> None:
        if not self._take(symbol):
            raise HclError(f"{symbol} is missing before: {self._text[self._at :]}")

    def _name(self) -> str:
        self._space()
        found = NAME.match(self._text, self._at)
        if not found:
            return ""
        self._at = found.end()
        return found[0]

    def _word(self, word: str) -> bool:
        before = self._at
        if self._name() == word:
            return True
        self._at = before
        return False

    # --- expressions, the loosest binding first

    def _conditional(self) -> Expression:
        condition = self._binary(0)
        if not self._take("?"):
            return condition
        yes = self._conditional()
        self._must(":")
        no = self._conditional()
        return lambda scope: yes(scope) if condition(scope) else no(scope)

    def _binary(self, level: int) -> Expression:
        if level == len(OPERATORS):
            return self._unary()
        left = self._binary(level + 1)
        while symbol := self._take(*OPERATORS[level]):
            right = self._binary(level + 1)
            left = self._joined(symbol, OPERATORS[level][symbol], left, right)
        return left

    def _joined(self, symbol: str, join, left: Expression, right: Expression) -> Expression:
        if symbol in ("||", "&&"):  # the right side may make no sense where the left decides
            stop = symbol == "||"
            return lambda scope: stop if left(scope) is stop else right(scope)
        return lambda scope: join(left(scope), right(scope))

    def _unary(self) -> Expression:
        if self._take("!"):
            negated = self._unary()
            return lambda scope: not negated(scope)
        if self._take("-"):
            number = self._unary()
            return lambda scope: -number(scope)
        return self._followed(self._primary())

    def _followed(self, value: Expression) -> Expression:
        while symbol := self._take(".", "["):
            if symbol == ".":
                name = self._name()
                value = self._member(value, lambda scope, name=name: name)
            elif self._take("*"):
                self._must("]")
                continue  # a splat of one unknown thing is that thing's attributes
            else:
                index = self._conditional()
                self._must("]")
                value = self._member(value, index)
        return value

    def _member(self, value: Expression, key: Expression) -> Expression:
        def member(scope: Scope):
            owner, name = value(scope), key(scope)
            return owner.get(name) if isinstance(owner, Unknown) else owner[name]

        return member

    def _primary(self) -> Expression:
        self._space()
        if self._text[self._at : self._at + 1] == '"':
            return self._template()
        if found := NUMBER.match(self._text, self._at):
            self._at = found.end()
            number = float(found[0]) if "." in found[0] else int(found[0])
            return lambda scope: number
        if self._take("("):
            inner = self._conditional()
            self._must(")")
            return inner
        if self._take("["):
            return self._list()
        if self._take("{"):
            return self._object()
        name = self._name()
        if not name:
            raise HclError(f"not understood: {self._text[self._at :]}")
        if self._take("("):
            return self._call(name)
        if name in ("true", "false", "null"):
            constant = {"true": True, "false": False, "null": None}[name]
            return lambda scope: constant
        return lambda scope: scope[name] if name in scope else Unknown(name)

    def _call(self, name: str) -> Expression:
        arguments, spread = [], False
        while not self._take(")"):
            arguments.append(self._conditional())
            spread = bool(self._take("...")) or spread
            self._take(",")

        def call(scope: Scope):
            if name == "can":
                try:
                    arguments[0](scope)
                except HclError:
                    return False
                return True
            values = [argument(scope) for argument in arguments]
            if spread:
                values = values[:-1] + list(values[-1])
            return FUNCTIONS[name](*values)

        return call

    def _template(self) -> Expression:
        parts: list[Expression] = []
        literal = ""
        self._at += 1
        while self._text[self._at] != '"':
            if self._text.startswith("${", self._at):
                parts.append(lambda scope, literal=literal: literal)
                literal = ""
                self._at += 2
                parts.append(self._conditional())
                self._must("}")
            elif self._text[self._at] == "\\":
                escaped = self._text[self._at + 1]
                literal += {"n": "\n", "t": "\t"}.get(escaped, escaped)
                self._at += 2
            else:
                literal += self._text[self._at]
                self._at += 1
        self._at += 1
        parts.append(lambda scope: literal)
        return lambda scope: "".join(text_of(part(scope)) for part in parts)

    def _list(self) -> Expression:
        if self._word("for"):
            scopes, _, value, condition = self._loop("]")
            return lambda scope: [value(each) for each in scopes(scope) if condition(each)]
        items = []
        while not self._take("]"):
            items.append(self._conditional())
            self._take(",")
        return lambda scope: [item(scope) for item in items]

    def _object(self) -> Expression:
        if self._word("for"):
            scopes, key, value, condition = self._loop("}")
            return lambda scope: {
                key(each): value(each) for each in scopes(scope) if condition(each)
            }
        items: list[tuple[Expression, Expression]] = []
        while not self._take("}"):
            before = self._at
            name = self._name()
            if name and self._symbol() in ("=", ":"):
                key: Expression = lambda scope, name=name: name  # noqa: E731
            else:
                self._at = before
                key = self._primary()
            self._take("=") or self._must(":")
            items.append((key, self._conditional()))
            self._take(",")
        return lambda scope: {key(scope): value(scope) for key, value in items}

    def _loop(self, end: str):
        names = [self._name()]
        if self._take(","):
            names.append(self._name())
        assert self._word("in")
        items = self._conditional()
        self._must(":")
        key: Expression = lambda scope: None  # noqa: E731
        value = self._conditional()
        if self._take("=>"):
            key, value = value, self._conditional()
        condition: Expression = lambda scope: True  # noqa: E731
        if self._word("if"):
            condition = self._conditional()
        self._must(end)

        def scopes(scope: Scope):
            over = items(scope)
            pairs = over.items() if isinstance(over, dict) else enumerate(over)
            for pair in pairs:
                yield {**scope, **dict(zip(names, pair[2 - len(names) :], strict=True))}

        return scopes, key, value, condition


def evaluate(value, scope: Scope):
    """A value as python-hcl2 gives it: text in quotes or in ${}, or a structure of such."""
    if isinstance(value, dict):
        return {
            unquoted(key): evaluate(item, scope)
            for key, item in value.items()
            if not key.startswith("__")
        }
    if isinstance(value, list):
        return [evaluate(item, scope) for item in value]
    if isinstance(value, str):
        return Parser(value[2:-1] if value.startswith("${") else value).whole()(scope)
    return value


def unquoted(name: str) -> str:
    return name.strip('"')
