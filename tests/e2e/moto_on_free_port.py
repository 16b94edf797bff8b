"""A moto server on a port that the kernel chooses, told on stdout. Runs until it is killed.

`moto_server` takes a number; one that was free a moment ago may be another test's by now.
"""

import threading

from moto.server import ThreadedMotoServer

server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
threading.Event().wait()
