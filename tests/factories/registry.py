"""A stand-in for the tax office's register: the same addresses, shapes and errors on loopback."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

KEY = "a key+with/signs="
ERRORS = {
    "BAD_JSON_REQUEST": 400,
    "REQUEST_DATA_MALFORMED": 411,
    "TOO_LARGE_REQUEST": 413,
    "HTTP_ERROR": 404,
    "INTERNAL_ERROR": 500,
}
TAXED = "부가가치세 일반과세자"
RUNNING = {
    "b_stt": "계속사업자",
    "b_stt_cd": "01",
    "tax_type": TAXED,
    "end_dt": "",
}
PAUSED = {"b_stt": "휴업자", "b_stt_cd": "02", "tax_type": TAXED, "end_dt": ""}
CLOSED = {
    "b_stt": "폐업자",
    "b_stt_cd": "03",
    "tax_type": TAXED,
    "end_dt": "20260301",
}
UNKNOWN = {
    "b_stt": "", "b_stt_cd": "", "end_dt": "",
    "tax_type": "국세청에 등록되지 않은 사업자등록번호입니다.",
}  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        book = self.server.book
        parts = urlsplit(self.path)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        book.seen.append((parts.path, body))
        if book.error:
            return self.answer(ERRORS[book.error], {"status_code": book.error})
        if parse_qs(parts.query)["serviceKey"] != [KEY]:
            return self.answer(401, {"code": -4, "msg": "등록되지 않은 인증키 입니다."})
        book.released.wait(5)
        if parts.path.endswith("/status"):
            numbers = body["b_no"]
            if len(numbers) > 100:
                return self.answer(413, {"status_code": "TOO_LARGE_REQUEST"})
            rows = [{"b_no": number, **book.rows.get(number, UNKNOWN)} for number in numbers]
            return self.answer(200, {"status_code": "OK", "data": rows})
        rows = [self.compared(entry) for entry in body["businesses"]]
        return self.answer(200, {"status_code": "OK", "data": rows})

    def compared(self, entry):
        if not (entry["start_dt"] and entry["p_nm"]):
            return {"b_no": entry["b_no"], "valid": "02", "valid_msg": "확인할 수 없습니다."}
        is_known = (entry["start_dt"], entry["p_nm"]) == self.server.book.facts.get(entry["b_no"])
        return {"b_no": entry["b_no"], "valid": "01" if is_known else "02"}

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Say nothing."""


class Book:
    """What the stand-in knows and was asked."""

    def __init__(self):
        self.rows, self.facts, self.seen, self.error = {}, {}, [], ""
        self.released = threading.Event()
        self.released.set()


@contextmanager
def running_registry(settings, key=KEY):
    """Serve as the register and point the settings at it; yields its book."""
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.book = Book()
        settings.NTS_URL = f"http://127.0.0.1:{server.server_address[1]}/v1"
        settings.NTS_SERVICE_KEY = key
        settings.ALLOW_DEMO_NUMBERS = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.book
        finally:
            server.book.released.set()
            server.shutdown()
            thread.join()
