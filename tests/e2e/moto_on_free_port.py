"""A moto server on a port that the kernel chooses, told on stdout. Runs until it is killed.

`moto_server` takes a number; one that was free a moment ago may be another test's by now. And it
looks at a write's condition and writes in two steps, between which another request may write; AWS
does it in one. Here it does one request at a time.
"""

import threading

from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

moto = DomainDispatcherApplication(create_backend_app)
one_request = threading.Lock()


def one_at_a_time(environ, start_response):
    with one_request:
        return moto(environ, start_response)


server = make_server(
    "127.0.0.1", 0, one_at_a_time, threaded=True, request_handler=MotoRequestHandler
)
print(server.port, flush=True)
server.serve_forever()
