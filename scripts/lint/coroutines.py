#!/usr/bin/env python3
"""usage: coroutines.py SRC_DIR

GCC 12 miscompiles some coroutines: what is built inside a co_await expression may be destroyed
twice. So it is named first, and moved in. A coroutine outlives the call that made it, so it takes
its parameters by value and captures nothing.

A heuristic over tokens, with these rules:
  - in a full expression with a co_await, no { }: neither an initialiser nor an aggregate;
  - in such an expression no lambda with captures;
  - a lambda that is a coroutine captures nothing;
  - a function that returns a Task takes no parameter by reference.
It does not see an aggregate that is built with parentheses.
"""

import sys
from pathlib import Path

from cpp_text import partners, tokens

_COROUTINE_WORDS = {"co_await", "co_return", "co_yield"}
_CONTROL = {"if", "while", "for", "switch", "catch", "constexpr"}
# What can stand after the } of an initialiser, but not after that of a block.
_AFTER_INITIALISER = set(",).;]}?:=+-*/%<>|^!&") | {"->", "&&"}
_CLOSING = {")", "]", "}"}
_NOT_A_VALUE = {"return", "co_return", "co_await", "co_yield", "case", "else", "throw", "new"}


class Code:
    """One file's tokens, and the questions the rules ask of them."""

    def __init__(self, source):
        self.tokens = tokens(source)
        self.partner = partners(self.tokens)

    def text(self, index):
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def line(self, index):
        return self.tokens[index].line

    def lambdas(self):
        """(introducer [, its ], body {, its }) of each lambda."""
        for index, token in enumerate(self.tokens):
            if token.text == "[" and index in self.partner and self._introduces_lambda(index):
                body = self._lambda_body(self.partner[index] + 1)
                if body is not None:
                    yield index, self.partner[index], body, self.partner[body]

    def _introduces_lambda(self, index):
        before = self.text(index - 1)
        if before == "[" or self.text(index + 1) == "[":  # an attribute
            return False
        is_value = before in _CLOSING or before[:1].isalnum() or before[:1] in '_"'
        return before in _NOT_A_VALUE or not is_value

    def _lambda_body(self, index):
        """The { after a lambda's parameters, specifiers and return type."""
        while index < len(self.tokens):
            text = self.text(index)
            if text == "{":
                return index if index in self.partner else None
            if text in "();],}" and not (text == "(" and index in self.partner):
                return None
            index = self.partner[index] + 1 if text == "(" else index + 1
        return None

    def is_block(self, brace):
        """Whether a { opens statements: it then holds a ; or another block, at its own level."""
        index = brace + 1
        end = self.partner.get(brace, len(self.tokens))
        while index < end:
            if self.text(index) == ";":
                return True
            index = self.partner.get(index, index) + 1
        return self.text(brace - 1) == ")" and self.text(end + 1) not in _AFTER_INITIALISER

    def full_expression(self, index):
        """The (first, last) token of the full expression around a token."""
        first = index
        last = index
        while True:
            first = self._leftmost(first)
            last = self._rightmost(last)
            opener = first - 1
            if self.text(opener) not in ("(", "[", "{") or opener not in self.partner:
                return first, last
            if self.text(opener) == "(" and self.text(opener - 1) in _CONTROL:
                return first, last
            if self.text(opener) == "{" and self.is_block(opener):
                return first, last
            first = opener
            last = self.partner[opener]

    def _leftmost(self, index):
        while index > 0:
            before = self.text(index - 1)
            if before in (";", "(", "[", "{"):
                return index
            if before == "}" and self.text(index) not in _AFTER_INITIALISER:
                return index
            index = self.partner.get(index - 1, index - 1) if before in _CLOSING else index - 1
        return index

    def _rightmost(self, index):
        while index + 1 < len(self.tokens):
            after = self.text(index + 1)
            if after in (";", ")", "]", "}"):
                return index
            index = self.partner.get(index + 1, index + 1)
        return index


def _awaits(code):
    """In full expressions with a co_await: braces, and lambdas with captures."""
    bodies = {body: (opener, closer) for opener, closer, body, _ in code.lambdas()}
    reported = set()
    for index, token in enumerate(code.tokens):
        if token.text != "co_await" or code.text(index - 1) == "operator":
            continue
        first, last = code.full_expression(index)
        while first <= last:
            if first in reported:
                break
            if first in bodies:
                opener, closer = bodies[first]
                if closer - opener > 1:
                    reported.add(first)
                    yield code.line(opener), "a capturing lambda inside a co_await expression"
                first = code.partner[first]
            elif code.text(first) == "{":
                reported.add(first)
                yield code.line(first), "a brace initialiser inside a co_await expression"
                first = code.partner.get(first, last)
            first += 1


def _lambda_coroutines(code):
    """Lambdas that are coroutines and capture."""
    found = list(code.lambdas())
    for opener, closer, body, end in found:
        inner = [(b, e) for _, _, b, e in found if body < b and e < end]
        own = (i for i in range(body, end) if not any(b <= i <= e for b, e in inner))
        if closer - opener > 1 and any(code.text(i) in _COROUTINE_WORDS for i in own):
            yield code.line(opener), "a coroutine lambda must not capture"


def _parameters(code):
    """Parameters by reference of functions that return a Task<...>."""
    for index, token in enumerate(code.tokens):
        if token.text == "Task" and code.text(index + 1) == "<":
            opener = _parameter_list(code, index)
            if opener is None:
                continue
            depth = 0
            position = opener + 1
            while position < code.partner[opener]:
                text = code.text(position)
                depth += {"<": 1, ">": -1}.get(text, 0)
                if text in ("&", "&&") and depth == 0:
                    yield code.line(position), "a coroutine takes its parameters by value"
                position = code.partner.get(position, position) + 1


def _parameter_list(code, task):
    """The ( of the parameters of a function whose return type begins at `task`."""
    before = task - 1
    while code.text(before) == "::":  # reactor::Task
        before -= 2
    if code.text(before) == "->":  # auto name(parameters) -> Task<...>
        while code.text(before) != ")" and before > 0 and code.text(before) not in ";{}":
            before -= 1
        return code.partner.get(before) if code.text(before) == ")" else None
    index = task + 1
    depth = 0
    while index < len(code.tokens):
        depth += {"<": 1, ">": -1}.get(code.text(index), 0)
        index += 1
        if depth == 0:
            break
    if not _is_name(code.text(index)):  # a value, a cast, a reference to a task
        return None
    while _is_name(code.text(index)) or code.text(index) == "::":
        index += 1
    # A variable's initialiser looks the same, but stands inside a function and is rarely `(`.
    return index if code.text(index) == "(" and index in code.partner else None


def _is_name(text):
    return text[:1].isalpha() or text[:1] == "_"


def problems_of(source):
    """The (line, message) of each breach of the rules, by line."""
    code = Code(source)
    found = [*_awaits(code), *_lambda_coroutines(code), *_parameters(code)]
    return sorted(set(found))


def main(src):
    failed = False
    for file in sorted(Path(src).rglob("*.[hc]*")):
        for line, message in problems_of(file.read_text()):
            print(f"{file}:{line}: {message}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
