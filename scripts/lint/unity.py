"""Several sources as one text, so that a compiler reads what they include once, not each time."""

import re
from bisect import bisect_right

_INCLUDE = re.compile(r'[ \t]*#[ \t]*include[ \t]*([<"][^>"\n]+[>"])')
_ERROR = re.compile(r"^(\S[^:\n]*):(\d+):\d+: (?:fatal )?error:", re.MULTILINE)


class Unity:
    """One text of several sources, which are part of the main file as each of them is by itself."""

    def __init__(self, sources):
        self._sources = list(sources)
        self._first_lines = []
        self._lines = []
        included = set()
        for source in self._sources:
            self._first_lines.append(len(self._lines) + 1)
            self._lines += _without_included(source.read_text().splitlines(), included)

    @property
    def text(self):
        return "".join(f"{line}\n" for line in self._lines)

    def sources_with_errors(self, output, unity_file):
        """The sources that the compiler finds fault with, by its output: all of them, where it is
        with a header, which any of them may include."""
        errors = _ERROR.findall(output)
        if any(file != str(unity_file) for file, _ in errors):
            return set(self._sources)
        return {self._sources[bisect_right(self._first_lines, int(line)) - 1] for _, line in errors}


def _without_included(lines, included):
    """The lines, blank where a source before this one has included the same; what this one itself
    includes twice stays to be found."""
    own = set()
    for line in lines:
        match = _INCLUDE.match(line)
        header = match and match[1]
        yield "" if header in included and header not in own else line
        if header:
            own.add(header)
    included |= own
