#!/usr/bin/env python3
"""A receiver of WebSocket Audio Streaming in Python: one WAV file per participant.

    pip install websockets        # 13 or later; Debian: apt install python3-websockets
    python3 receiver.py --rate 16000 --secret X-Api-Key=your-secret
"""

import argparse
import asyncio
import base64
import http
import json
import pathlib
import re
import signal
import wave

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

KEYS = {"callid", "callflow", "audio", "number", "status", "channelid"}
FRAGMENT_SAMPLES = {8000: 640, 16000: 640, 24000: 960, 48000: 1920}


def say(text):
    print(text, flush=True)


class Receiver:
    def __init__(self, out, rate, secret):
        self.out = out
        self.rate = rate
        self.secret = secret
        # By call and channel, not by connection: after a broken connection a stream goes on over another one.
        self.files = {}

    def check_secret(self, connection, request):
        """Runs before the upgrade; an answer from here refuses it."""
        if self.secret is None:
            return None
        name, value = self.secret
        if request.headers.get(name) == value:
            return None
        say("refused a client without the secret")
        return connection.respond(http.HTTPStatus.UNAUTHORIZED, "The secret is wrong.\n")

    async def take_connection(self, connection):
        # The library answers pings by itself, which tells the sender what has been read, and answers its Close.
        try:
            async for frame in connection:
                try:
                    self.take(frame)
                except ValueError as error:
                    say(f"not of the protocol: {error}")
        except ConnectionClosed:
            pass
        say(f"connection closed: {connection.close_code}")

    def take(self, frame):
        message = json.loads(frame)
        if not isinstance(message, dict) or message.keys() != KEYS:
            raise ValueError(f"a message has the keys {sorted(KEYS)}")
        key = (message["callid"], message["channelid"])
        if message["status"] == "end":
            self.end(key, message["number"])
            return
        pcm = base64.b64decode(message["audio"], validate=True)
        if len(pcm) != FRAGMENT_SAMPLES[self.rate] * 2:
            raise ValueError(f"a fragment of {len(pcm)} octets; is --rate right?")
        if key not in self.files:
            say(f"{message['number']} speaks in call {message['callid']}")
            self.files[key] = self.open("_".join(key))
        self.files[key].writeframes(pcm)

    def open(self, name):
        path = self.out / (re.sub(r"[^A-Za-z0-9._-]", "_", name) + ".wav")
        file = wave.open(str(path), "wb")
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(self.rate)
        return file

    def end(self, key, number):
        file = self.files.pop(key, None)
        if file is None:
            return  # It came twice, after a broken connection.
        seconds = file.getnframes() / self.rate
        file.close()
        say(f"{number} has gone: {seconds:.2f} s")

    def close(self):
        for file in self.files.values():
            file.close()


async def main():
    parser = argparse.ArgumentParser(description="Receives WebSocket Audio Streaming: one WAV file per participant.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8091)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("received"))
    parser.add_argument("--rate", type=int, choices=sorted(FRAGMENT_SAMPLES), default=8000, help="in Hz, as the sender")
    parser.add_argument("--secret", metavar="NAME=VALUE", help="refuse clients that do not send this header field")
    options = parser.parse_args()
    secret = tuple(options.secret.split("=", 1)) if options.secret else None
    if secret is not None and len(secret) != 2:
        parser.error("--secret wants NAME=VALUE")
    options.out.mkdir(parents=True, exist_ok=True)

    receiver = Receiver(options.out, options.rate, secret)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # Audio in base64 does not get smaller by compression, so none is offered.
    async with serve(
        receiver.take_connection,
        options.host,
        options.port,
        process_request=receiver.check_secret,
        compression=None,
        max_size=64 * 1024,
    ) as server:
        say(f"listening {[socket.getsockname() for socket in server.sockets]}")
        await stop.wait()
    receiver.close()


if __name__ == "__main__":
    asyncio.run(main())
