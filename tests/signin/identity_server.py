"""A small identity server on this machine: it signs real tokens, and lies where a test wants it to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "jiceng", "s3cret/+ of the client"


def new_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"}, private=True)


def new_rsa_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}, private=True)


class IdentityServer:
    """What it answers. ``claims`` and ``metadata`` are laid over what is true; None takes a claim away."""

    def __init__(self, address: str, key: ECKey | RSAKey) -> None:
        self.issuer = address
        self.keys, self.signs_with = [key], key
        self.claims: dict[str, object] = {}
        self.metadata: dict[str, object] = {}
        self.algorithm = "ES256"
        self.user = "wang"
        self.away = False
        self.redirects = False
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.secrets: list[str] = []

    def sign_in(self, where: str) -> dict[str, str]:
        """Somebody signs in at the address to which the browser was sent; gives what the browser comes back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def description(self) -> dict[str, object]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end",
        } | self.metadata

    def key_set(self) -> dict[str, object]:
        return {"keys": [key.as_dict(private=False) for key in self.keys]}

    def exchange(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if _base64(digest) != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.token(asked["nonce"])}

    def token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "preferred_username": self.user,
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm in ("none", "HS256"):  # signed by nobody, or with what everybody can read
            header = {"alg": self.algorithm, "kid": self.signs_with.kid}
            signed = f"{_base64(json.dumps(header).encode())}.{_base64(json.dumps(claims).encode())}"
            public = self.keys[0].as_pem(private=False)
            signature = hmac.digest(public, signed.encode(), "sha256") if self.algorithm == "HS256" else b""
            return f"{signed}.{_base64(signature)}"
        return jwt.encode({"alg": self.algorithm, "kid": self.signs_with.kid}, claims, self.signs_with)


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@contextmanager
def identity_server(key: ECKey | RSAKey) -> Iterator[IdentityServer]:
    """It runs for the block."""
    server: IdentityServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            if server.away:
                self._say(503, {})
            elif server.redirects:
                self.send_response(302)
                self.send_header("Location", f"{server.issuer}/elsewhere")
                self.end_headers()
            elif self.path == "/.well-known/openid-configuration":
                self._say(200, server.description())
            elif self.path == "/keys":
                self._say(200, server.key_set())
            else:
                self._say(404, {})

        def do_POST(self) -> None:
            server.asked.append(self.path)
            content = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(content).items()}
            said = self.headers.get("Authorization", "")
            pair = base64.b64decode(said.removeprefix("Basic ")).decode() if said else ":"
            server.secrets.append(unquote(pair.partition(":")[2]) or form.get("client_secret", ""))
            self._say(503, {}) if server.away else self._say(*server.exchange(form))

        def _say(self, status: int, answer: dict[str, object]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server = IdentityServer(f"http://127.0.0.1:{listening.server_address[1]}", key)
        threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            listening.shutdown()
