"""A web server before another one, which says in headers of its own who is there; what the browser says in them it drops."""
import socket
import threading
from urllib.parse import urlsplit


class Proxy:
    """Listens on a free port of this computer until the test ends."""

    def __init__(self, address, headers):
        self.behind = (urlsplit(address).hostname, urlsplit(address).port)
        self.headers = headers
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            threading.Thread(target=self._serve, args=(self.listener.accept()[0],), daemon=True).start()

    def _serve(self, browser):
        with browser, socket.create_connection(self.behind) as server:
            request = b""
            while b"\r\n\r\n" not in request:
                received = browser.recv(65536)
                if not received:
                    return
                request += received
            server.sendall(self._with_headers(request))
            back = threading.Thread(target=self._pump, args=(server, browser), daemon=True)
            back.start()
            self._pump(browser, server)
            back.join()

    def _with_headers(self, request):
        head, _, rest = request.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        own = {name.lower() for name in self.headers}
        kept = [line for line in lines if line.split(":")[0].lower() not in own]
        if not any(line.lower().startswith("upgrade:") for line in kept):
            # one request a connection, so that each has the headers
            kept = [line for line in kept if not line.lower().startswith("connection:")] + ["Connection: close"]
        kept += ["%s: %s" % header for header in self.headers.items()]
        return "\r\n".join(kept).encode("latin-1") + b"\r\n\r\n" + rest

    @staticmethod
    def _pump(source, target):
        try:
            while True:
                received = source.recv(65536)
                if not received:
                    break
                target.sendall(received)
        except OSError:
            pass
        finally:
            try:
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass
