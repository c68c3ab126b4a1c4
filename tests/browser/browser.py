"""A headless Chromium for the tests of pages, driven over the WebDriver protocol."""
import base64
import io
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from PIL import Image

ARGUMENTS = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-device-scale-factor=1"]


def missing():
    """What of the browser is not installed, or ""."""
    absent = [name for name in ("chromium", "chromedriver") if not shutil.which(name)]
    return f"{' and '.join(absent)} not found: apt-get install chromium chromium-driver" if absent else ""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Browser:
    def __init__(self):
        port = free_port()
        self.folder = tempfile.mkdtemp(prefix="chromium-")
        self.driver = subprocess.Popen(["chromedriver", f"--port={port}", "--silent"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.root = f"http://127.0.0.1:{port}"
        self.session = ""
        try:
            self._wait()
            arguments = ARGUMENTS + [f"--user-data-dir={self.folder}"]
            if os.geteuid() == 0:
                arguments.append("--no-sandbox")
            answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
                "browserName": "chrome",
                "goog:chromeOptions": {"args": arguments, "binary": shutil.which("chromium")},
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
            self.session = "/session/" + answer["sessionId"]
        except BaseException:
            self.close()
            raise

    def _wait(self):
        for _ in range(200):
            try:
                if self._call("GET", "/status")["ready"]:
                    return
            except (urllib.error.URLError, ConnectionError):
                pass
            time.sleep(0.05)
        raise RuntimeError("chromedriver does not answer")

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def post(self, path, body):
        return self._call("POST", self.session + path, body)

    def devtools(self, command, **parameters):
        return self.post("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, url):
        self.logs("browser"), self.logs("performance")
        self.post("/url", {"url": url})

    def run(self, script, *arguments):
        """What the body of a function returns."""
        return self.post("/execute/sync", {"script": script, "args": list(arguments)})

    def run_later(self, script, *arguments):
        """The same of a script that calls its last argument when it is done."""
        return self.post("/execute/async", {"script": script, "args": list(arguments)})

    def logs(self, kind):
        return self.post("/se/log", {"type": kind})

    def errors(self):
        return [entry["message"] for entry in self.logs("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        """The addresses that the page has asked for since it was opened."""
        out = []
        for entry in self.logs("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                out.append(message["params"]["request"]["url"])
        return out

    def press(self, key):
        self.post("/actions", {"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def size(self, width, height=900, phone=False):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                      mobile=phone)

    def media(self, medium="", scheme="light"):
        self.devtools("Emulation.setEmulatedMedia", media=medium,
                      features=[{"name": "prefers-color-scheme", "value": scheme}])

    def pictures_of(self, boxes):
        """What is seen in each of these rectangles of the page."""
        height = self.run("return document.documentElement.scrollHeight")
        width = self.run("return document.documentElement.scrollWidth")
        out = [None] * len(boxes)
        for top in range(0, height, BAND):  # Chromium draws no picture of more than 16,384 pixels
            inside = [i for i, box in enumerate(boxes) if top <= box["y"] < top + BAND]
            if not inside:
                continue
            bottom = min(height, max(boxes[i]["y"] + boxes[i]["height"] for i in inside))
            clip = {"x": 0, "y": top, "width": width, "height": bottom - top, "scale": 1}
            answer = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
            band = Image.open(io.BytesIO(base64.b64decode(answer["data"]))).convert("RGB")
            for i in inside:
                x, y = boxes[i]["x"], boxes[i]["y"] - top
                out[i] = band.crop((x, y, x + boxes[i]["width"], y + boxes[i]["height"]))
        return out

    def close(self):
        if self.session:
            try:
                self._call("DELETE", self.session)
            except (OSError, RuntimeError):
                pass
        self.driver.terminate()
        self.driver.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


TAB, ENTER = "\ue004", "\ue007"
BAND = 8000  # pixels of a page in one picture


def ink(picture):
    """The share of pixels that differ from the most frequent colour, and the number of colours."""
    total = picture.width * picture.height
    counts = [count for count, _ in picture.getcolors(total)]
    return (total - max(counts)) / total, len(counts)
