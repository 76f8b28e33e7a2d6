"""A mail server that others wrote takes the server's mail, and refuses the first attempt."""

import email
import email.policy
import json
import os
import queue
import re
import urllib.request

from aiosmtpd.controller import Controller

# Far more than it takes, so that only what hangs gets here.
DEADLINE = 60


class Refusing:
    """Keeps every mail, the first one without taking it."""

    def __init__(self):
        self.attempts = queue.Queue()
        self.refuses = True

    async def handle_DATA(self, _server, _session, envelope):
        refused, self.refuses = self.refuses, False
        self.attempts.put((envelope, refused))
        return "451 4.3.0 Try again" if refused else "250 2.0.0 Taken"

    def next(self):
        envelope, refused = self.attempts.get(timeout=DEADLINE)
        return envelope, email.message_from_bytes(envelope.content, policy=email.policy.default), refused


def post(path, body):
    headers = {"Content-Type": "application/json"}
    url = f"{os.environ['ASHLAR_URL']}/api/v1/auth/{path}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
        return answer.status


def parts(mail):
    """The text and the page of a mail, which has both."""
    assert mail.get_content_type() == "multipart/alternative", mail.get_content_type()
    assert [it.get_content_type() for it in mail.iter_parts()] == ["text/plain", "text/html"]
    return [it.get_content() for it in mail.iter_parts()]


def token(text):
    found = re.search(r"#token=([A-Za-z0-9_-]+)", text)
    assert found, text
    return found[1]


def main():
    reader = os.environ["ASHLAR_EMAIL"]
    handler = Refusing()
    controller = Controller(handler, hostname="127.0.0.1", port=int(os.environ["ASHLAR_MAIL_PORT"]))
    controller.start()
    try:
        assert post("password-resets", {"email": reader}) == 202
        _, first, refused = handler.next()
        assert refused
        envelope, mail, refused = handler.next()
        assert not refused
        assert envelope.rcpt_tos == [reader], envelope.rcpt_tos
        assert mail["To"].addresses[0].addr_spec == reader
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Message-ID"] and mail["Message-ID"] == first["Message-ID"]
        assert not mail.defects, mail.defects

        text, page = parts(mail)
        assert token(text) == token(page)
        # Each attempt has a token of its own: none is kept.
        assert token(text) != token(parts(first)[0])

        password = "mortar, lime and sand"
        assert post("password-resets/confirm", {"token": token(text), "password": password}) == 204
        _, notice, _ = handler.next()
        assert notice["Message-ID"] != mail["Message-ID"]
        assert all("#token=" not in it for it in parts(notice))
        assert post("login", {"email": reader, "password": password}) == 200
        assert handler.attempts.empty()
    finally:
        controller.stop()


if __name__ == "__main__":
    main()
