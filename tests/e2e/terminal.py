"""Runs a program in a pseudo-terminal, to see what a person sees."""

import fcntl
import os
import pty
import struct
import subprocess
import termios


def run_in_terminal(
    command: list[str], environment: dict[str, str], columns: int
) -> tuple[int, str]:
    """Its exit status and everything it wrote. stderr goes elsewhere, as with 2>/dev/null."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        close_fds=True,
    ) as process:
        os.close(theirs)
        written = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # Linux says so when the other side is closed
                piece = b""
            if not piece:
                break
            written += piece
        os.close(ours)
        return process.wait(), written.decode().replace("\r\n", "\n")
