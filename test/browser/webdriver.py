"""A headless Chromium, driven through chromedriver by the W3C WebDriver protocol, with Python's own library alone."""
import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--hide-scrollbars", "--force-device-scale-factor=1"]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
# A page is awaited as long as this; nothing is measured by it.
PATIENCE = 60


class Browser:
    """The driver chooses its own port; it and the browser's files go when the browser is closed."""

    def __init__(self, work):
        self.dir = tempfile.mkdtemp(prefix="browser.", dir=work)
        log = open(os.path.join(self.dir, "driver.log"), "w+")
        environment = dict(os.environ, TMPDIR=self.dir, HOME=self.dir)
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=log, stderr=subprocess.STDOUT, env=environment)
        self.session = None
        try:
            self.base = "http://127.0.0.1:%s/session" % self._port(log.name)
            options = {"args": FLAGS + ["--user-data-dir=" + os.path.join(self.dir, "profile")]}
            answer = self._call("POST", "", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
            self.session = "/" + answer["sessionId"]
        except BaseException:
            self.close()
            raise

    def _port(self, log):
        for _ in range(10 * PATIENCE):
            found = re.search(r"started successfully on port (\d+)", open(log).read())
            if found:
                return found.group(1)
            if self.driver.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("chromedriver did not start: " + open(log).read())

    def _call(self, method, path, content=None):
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self.base + (self.session or "") + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as problem:
            raise RuntimeError(json.load(problem)["value"]["message"]) from None

    def close(self):
        try:
            if self.session:
                self._call("DELETE", "")
        except Exception as problem:
            print("# the browser did not close:", problem)
        self.driver.terminate()
        self.driver.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def size(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def cdp(self, command, **parameters):
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, address):
        self._call("POST", "/url", {"url": address})

    def back(self):
        self._call("POST", "/back", {})

    def run(self, script, *arguments):
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector):
        return self._call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def link(self, text, inside=""):
        """The link with this text, as it is shown."""
        for found in self._call("POST", "/elements", {"using": "css selector", "value": inside + " a"}):
            if self._call("GET", "/element/%s/text" % found[ELEMENT]) == text:
                return found[ELEMENT]
        raise RuntimeError("there is no link " + text)

    def click(self, element):
        self._call("POST", "/element/%s/click" % element, {})

    def choose(self, name, label):
        """Choose an option of a select as somebody does: by a click on it."""
        for found in self._call("POST", "/elements", {"using": "css selector", "value": "#%s option" % name}):
            if self.run("return arguments[0].text", found) == label:
                return self.click(found[ELEMENT])
        raise RuntimeError("%s has no option %s" % (name, label))

    def wait(self, script, *arguments):
        """Until a script is true, and the answer of it."""
        for _ in range(10 * PATIENCE):
            found = self.run(script, *arguments)
            if found:
                return found
            time.sleep(0.1)
        raise RuntimeError("waited in vain for: %s %s; the page says: %s" % (script, arguments, self.run("return document.body.innerText")[:2000]))

    def settle(self):
        """Until the page is about what stands in its address."""
        self.wait("const shown = document.querySelector('[data-search]');"
                  " return shown && shown.dataset.search === location.search && !document.querySelector('#view.recalculating')")

    def screenshot(self, path):
        """The whole page, not only what is seen of it."""
        height = self.run("return Math.ceil(document.documentElement.scrollHeight)")
        width = self.run("return window.innerWidth")
        taken = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                         clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(taken["data"]))
