"""C++ as a linter sees it: tokens, and the text without comments and literals. Not a compiler."""

import re
from dataclasses import dataclass

# In this order: what may hold anything else comes first.
_LEXEME = re.compile(
    r"""
    (?P<raw> (?:u8|[uUL])? R" (?P<delimiter>[^\s()\\"]*) \( .*? \) (?P=delimiter) " )
  | (?P<comment> //(?:\\\n|[^\n])* | /\*.*?\*/ )
  | (?P<number> \.?[0-9] (?: [eEpP][+-] | '[0-9a-zA-Z_] | [0-9a-zA-Z_.] )* )
  | (?P<string> (?:u8|[uUL])? " (?:\\.|[^"\\\n])* " )
  | (?P<char> (?:u8|[uUL])? ' (?:\\.|[^'\\\n])+ ' )
  | (?P<name> [A-Za-z_]\w* )
  | (?P<mark> :: | -> | && | \S )
  | (?P<space> \s+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)


@dataclass(frozen=True)
class Token:
    text: str
    line: int


def _blanked(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(source):
    """The source with its comments blanked; every other character keeps its place."""
    return _LEXEME.sub(lambda m: _blanked(m[0]) if m["comment"] is not None else m[0], source)


def tokens(source):
    """The tokens of the code proper: no comments, no directives; a literal is one token."""
    code = _DIRECTIVE.sub(lambda m: _blanked(m[0]), without_comments(source))
    found = []
    line = 1
    for match in _LEXEME.finditer(code):
        if match["space"] is None:
            found.append(Token(match[0], line))
        line += match[0].count("\n")
    return found


_OPEN = {"(": ")", "[": "]", "{": "}"}


def partners(token_list):
    """For the index of each bracket ( [ { ) ] }, the index of its partner. Unmatched ones lack."""
    partner = {}
    stack = []
    for index, token in enumerate(token_list):
        if token.text in _OPEN:
            stack.append(index)
        elif stack and _OPEN[token_list[stack[-1]].text] == token.text:
            partner[index] = stack.pop()
            partner[partner[index]] = index
    return partner
