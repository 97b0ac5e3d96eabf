"""The script's end of the UDP socket to Hitpoint. It never blocks, and nothing leaves this machine."""

import json
import os
import socket
from binascii import hexlify
from contextlib import suppress

from .pieces import LARGEST_DATAGRAM, PROTOCOL, Joiner, Outbox, received, written

HOST = "127.0.0.1"
HITPOINT_PORT = 19791
SCRIPT_PORT = 19792
MOST_READ = 64
MOST_SENT = 16
RECEIVE_BUFFER = 1 << 20
RETRY_SECONDS = 5.0
GONE_SECONDS = 3.0
"""Hitpoint says each second that it is there; after so long without a word it is not."""


class Wire:
    """What is heard of Hitpoint, and what is said to it."""

    def __init__(self, told):
        """told: called with a sentence that the person is to see."""
        self._told = told
        self._socket = None
        self._open_at = 0.0
        self._was_taken = False
        self._run = "live-" + hexlify(os.urandom(4)).decode("ascii")
        self._messages = 0
        self._outbox = Outbox()
        self._joiner = Joiner()
        self._topics = {}
        self._other = ""
        """Run of the Hitpoint that is there."""
        self._heard_at = None
        self.is_news = False
        """True when a Hitpoint is there that was not before; whoever tells it the project sets it back."""
        self.left_aside = 0
        """Datagrams that were no object of ours."""

    def open(self, now):
        """True when the port is ours. While it is not, it is tried again every 5 s."""
        if self._socket is not None:
            return True
        if now < self._open_at:
            return False
        self._open_at = now + RETRY_SECONDS
        try:
            self._socket = _bound(SCRIPT_PORT)
        except OSError as error:
            if not self._was_taken:
                self._told(f"Hitpoint: UDP port {SCRIPT_PORT} is taken ({error}). Is Hitpoint chosen twice?")
            self._was_taken = True
            return False
        if self._was_taken:
            self._told(f"Hitpoint: UDP port {SCRIPT_PORT} is free now.")
        self._was_taken = False
        return True

    def is_heard(self, now):
        """True while a Hitpoint is there."""
        return self._heard_at is not None and now - self._heard_at < GONE_SECONDS

    def say(self, said, topic=None):
        """Say an object until it is heard. A later one of the same topic takes its place."""
        self._messages += 1
        name = f"{self._run}-{self._messages}"
        if topic is not None:
            self._outbox.drop(self._topics.get(topic))
            self._topics[topic] = name
        self._outbox.put(name, said)

    def is_through(self, topic):
        """True when the last message of a topic was said as a whole, or heard."""
        return not self._outbox.is_new(self._topics.get(topic))

    def name(self):
        """A name that no ask had before."""
        return f"{self._run}-ask-{self._messages}"

    def tell(self, said):
        """Say an object once; when it is lost it is lost."""
        self._send(written(said))

    def look(self, now):
        """The objects that have come, each once."""
        heard = []
        for _ in range(MOST_READ):
            try:
                data, sender = self._socket.recvfrom(LARGEST_DATAGRAM + 1)
            except BlockingIOError:
                break
            except OSError:
                # Windows tells here that nobody has Hitpoint's port open.
                continue
            if tuple(sender) != (HOST, HITPOINT_PORT):
                continue
            try:
                message = self._take(data, now)
            except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
                self.left_aside += 1
                continue
            if message is not None:
                heard.append(message)
        return heard

    def flush(self, now):
        """Send what is due."""
        for datagram in self._outbox.due(now, MOST_SENT, self.is_heard(now)):
            self._send(datagram)

    def close(self):
        """Give the port back."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _take(self, data, now):
        said = json.loads(data.decode("utf-8"))
        if said["protocol"] != PROTOCOL:
            self._told("Hitpoint: this script is of another version. Run `hitpoint install live`, and start Live anew.")
            return None
        if said["kind"] == "received":
            self._take_received(said["message"], now)
            return None
        if said["kind"] != "piece":
            raise ValueError("no kind of ours")
        text = self._joiner.take(said)
        if self._joiner.has(said["message"]):
            self._send(received(said["message"]))
        if text is None:
            return None
        message = json.loads(text)
        return message if isinstance(message, dict) else None

    def _take_received(self, name, now):
        if not isinstance(name, str):
            raise ValueError("no name")
        if name.startswith("hitpoint-"):
            self.is_news = self.is_news or name != self._other or not self.is_heard(now)
            self._other = name
            self._heard_at = now
        else:
            self._outbox.drop(name)

    def _send(self, datagram):
        # What cannot be sent is said again, as what is lost.
        with suppress(OSError):
            self._socket.sendto(datagram, (HOST, HITPOINT_PORT))


def _bound(port):
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        udp.setblocking(False)
        with suppress(OSError):
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        udp.bind((HOST, port))
    except OSError:
        udp.close()
        raise
    return udp
