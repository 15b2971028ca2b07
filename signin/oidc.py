"""Signing in through the bureau's own identity server: OpenID Connect, authorisation code with PKCE.

What is asked, and of whom: metadata, keys and tokens, of the host that ``oidc_issuer`` names and of no other; through no
proxy of the environment, and without following redirects. Signatures are checked by a library (joserfc).
Source: OpenID Connect Core 1.0 (3.1), Discovery 1.0 (4), RP-Initiated Logout 1.0 (2), RFC 7636 (PKCE), RFC 9207 (iss).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

#: Signatures by keys that the identity server alone has: no "none", and no secret that both share.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
_PATIENCE = 5  # seconds without a byte
_ALTOGETHER = 10  # seconds for an answer, however slowly it comes
_LARGEST = 1024 * 1024  # bytes of an answer
_LEEWAY = 120  # seconds that the two machines' clocks may differ
_FRESH = 600  # seconds: the oldest token that counts, and how long somebody may take to sign in
_KEPT = 3600  # seconds that metadata are believed
_RETRY = 10  # seconds: a server that is away, and keys that lack one, are asked again no sooner
_SUBJECT = 255  # letters of a subject at most (OpenID Connect Core 1.0, 2)
_REMEMBERED = 10_000  # states that have been used


class OidcError(Exception):
    """Nobody came in. ``rule``: away (the server does not answer, or not as one), stale (too late, or begun elsewhere),
    denied (the server itself refuses), untrue (what it says is not believed) or busy (too many wait for it). The message is for the server's log."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


@dataclass(frozen=True)
class Provider:
    """The identity server's own description of itself, as far as it is needed."""

    authorization: str
    token: str
    keys: str
    end: str  # "": it has no address to sign out at
    posts_secret: bool  # the secret goes into the form, not into a header
    names_itself: bool  # it says in its answers who it is


@dataclass(frozen=True)
class Person:
    """For whom the identity server vouches: ``name`` finds the account, ``issuer`` and ``subject`` are this person's alone
    and for good (OpenID Connect Core 1.0, 5.7)."""

    name: str
    issuer: str
    subject: str


class Oidc:
    """A client of one identity server."""

    def __init__(
        self, issuer: str, client: str, secret: str, claim: str, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._issuer, self._client, self._secret, self._claim = issuer, client, secret, claim
        self._clock = clock
        self._seal = secrets.token_bytes(32)  # whoever is signing in while the server restarts begins anew
        self._lock = threading.Lock()
        self._provider: Provider | None = None
        self._provider_at = self._failed_at = self._keys_at = self._keys_failed_at = -float("inf")
        self._key_set: KeySet | None = None
        self._used: OrderedDict[str, float] = OrderedDict()
        over_tls = urllib.request.HTTPSHandler(context=ssl.create_default_context())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), over_tls, _NoRedirects())

    # -- the two steps ---------------------------------------------------------------------------------

    def begin(self, back: str, target: str) -> tuple[str, str]:
        """Where the browser goes to sign in, and what its cookie keeps until it comes ``back`` (our own address).

        ``target`` is where it wants to go then.
        """
        provider = self._described()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = _base64(hashlib.sha256(verifier.encode()).digest())
        query = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": back,
            "scope": "openid profile email" if self._claim == "email" else "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        began = {"s": state, "n": nonce, "v": verifier, "t": target, "at": int(self._clock())}
        return f"{provider.authorization}{_more(provider.authorization)}{urlencode(query)}", self._sealed(
            began
        )

    def finish(self, back: str, cookie: str | None, query: Mapping[str, str]) -> tuple[Person, str]:
        """Who has come back, and the target. Raises OidcError."""
        began = self._unsealed(cookie)
        if not hmac.compare_digest(began["s"].encode(), query.get("state", "").encode()):
            raise OidcError("stale", "the state is not the one of this browser")
        self._use_up(began["s"])
        provider = self._described()
        said = query.get("iss")
        if (provider.names_itself or said is not None) and said != self._issuer:
            raise OidcError("untrue", f"the answer is {_short(said)}'s")
        if "error" in query:
            raise OidcError("denied", f"refused: {_short(query['error'])}")
        if not query.get("code"):
            raise OidcError("untrue", "an answer without a code")
        token = self._token(provider, back, query["code"], began["v"])
        claims = self._claims(provider, token, began["n"])
        return Person(self._name(claims), claims["iss"], _subject(claims)), began["t"]

    def leaving(self, back: str) -> str:
        """Where one signs out of the identity server itself; "" where it has no such place or cannot be asked."""
        try:
            provider = self._described()
        except OidcError:
            return ""
        if not provider.end:
            return ""
        query = urlencode({"client_id": self._client, "post_logout_redirect_uri": back})
        return f"{provider.end}{_more(provider.end)}{query}"

    # -- the server ------------------------------------------------------------------------------------

    def _described(self) -> Provider:
        with self._lock:
            now = time.monotonic()
            if self._provider is not None and now - self._provider_at < _KEPT:
                return self._provider
            if now - self._failed_at < _RETRY:
                raise OidcError("away", "the identity server did not answer a moment ago")
            try:
                self._provider = self._read_provider()
            except OidcError:
                self._failed_at = (
                    time.monotonic()
                )  # those that waited meanwhile do not ask one after the other
                raise
            self._provider_at = now
            return self._provider

    def _read_provider(self) -> Provider:
        about = self._asked(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if about.get("issuer") not in (self._issuer.rstrip("/"), f"{self._issuer.rstrip('/')}/"):
            raise OidcError("away", f"{self._issuer} calls itself {_short(about.get('issuer'))}")
        self._issuer = about["issuer"]
        places = {name: about.get(name, "") for name in _PLACES}
        for name, place in places.items():
            asked = name in ("token_endpoint", "jwks_uri")
            if name == "end_session_endpoint" and not place:
                continue
            if not isinstance(place, str) or not _is_place(place, self._issuer, same=asked):
                raise OidcError("away", f"{name} {_short(place)} is not at {self._issuer}")
        ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Provider(
            authorization=places["authorization_endpoint"],
            token=places["token_endpoint"],
            keys=places["jwks_uri"],
            end=places["end_session_endpoint"],
            posts_secret="client_secret_basic" not in ways,
            names_itself=about.get("authorization_response_iss_parameter_supported") is True,
        )

    def _token(self, provider: Provider, back: str, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        headers = {}
        if self._secret and not provider.posts_secret:
            pair = f"{quote(self._client, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form["client_id"] = self._client
            if self._secret:
                form["client_secret"] = self._secret
        token = self._asked(provider.token, urlencode(form).encode(), headers).get("id_token")
        if not isinstance(token, str):
            raise OidcError("untrue", "an answer without id_token")
        return token

    def _asked(
        self, address: str, form: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> dict:
        """What the server answers. A code that it does not know is its refusal; anything else odd means that it is away."""
        request = urllib.request.Request(
            address, form, {"Accept": "application/json", **(headers or {})}, method="POST" if form else "GET"
        )
        try:
            with self._opener.open(request, timeout=_PATIENCE) as answer:
                body = _body(answer, address)
            if len(body) > _LARGEST:
                raise OidcError("away", f"{address}: too much")
            found = json.loads(body)
        except urllib.error.HTTPError as error:
            error.close()
            rule = "denied" if form and error.code in (400, 401, 403) else "away"
            raise OidcError(rule, f"{address}: {error.code}") from error
        except (OSError, HTTPException, ValueError) as error:
            raise OidcError("away", f"{address}: {_short(str(error))}") from error
        if not isinstance(found, dict):
            raise OidcError("away", f"{address}: no object")
        return found

    # -- the token -------------------------------------------------------------------------------------

    def _claims(self, provider: Provider, token: str, nonce: str) -> dict[str, Any]:
        """What the token says, once its signature, issuer, audience, times and nonce are right."""
        try:
            try:
                claims = jwt.decode(token, self._keys(provider), algorithms=ALGORITHMS).claims
            except InvalidKeyIdError:  # the server may have new keys
                claims = jwt.decode(token, self._keys(provider, anew=True), algorithms=ALGORITHMS).claims
            now = int(self._clock())
            jwt.JWTClaimsRegistry(
                now=now,
                leeway=_LEEWAY,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._client},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            why = f"{type(error).__name__} {_short(str(error))}"
            raise OidcError("untrue", f"the token is not believed: {why}") from error
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if others else self._client) != self._client:
            raise OidcError("untrue", "the token was made for another client")
        if now - claims["iat"] > _FRESH + _LEEWAY:
            raise OidcError("untrue", "the token is an old one")
        return claims

    def _keys(self, provider: Provider, *, anew: bool = False) -> KeySet:
        """The server's keys; ``anew``: read again, though not at every token that names a key of its own invention."""
        with self._lock:
            now = time.monotonic()
            old = now - self._keys_at
            if self._key_set is None or old > _KEPT or (anew and old > _RETRY):
                if now - self._keys_failed_at < _RETRY:
                    raise OidcError("away", "its keys could not be read a moment ago")
                try:
                    self._key_set = KeySet.import_key_set(self._asked(provider.keys))
                except OidcError:
                    self._keys_failed_at = time.monotonic()
                    raise
                except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
                    raise OidcError("away", f"its keys cannot be read: {_short(str(error))}") from error
                self._keys_at = now
            return self._key_set

    def _name(self, claims: Mapping[str, Any]) -> str:
        name = claims.get(self._claim)
        if not isinstance(name, str) or not name.strip():
            raise OidcError("untrue", f"the token says no {self._claim}")
        if self._claim == "email" and claims.get("email_verified") is not True:
            raise OidcError("untrue", "the address was not verified")
        return name

    # -- what the browser keeps in between ---------------------------------------------------------------

    def _sealed(self, began: Mapping[str, Any]) -> str:
        content = _base64(json.dumps(began).encode())
        return f"{content}.{self._signature(content)}"

    def _unsealed(self, cookie: str | None) -> dict[str, Any]:
        content, _, signature = (cookie or "").partition(".")
        if not hmac.compare_digest(self._signature(content).encode(), signature.encode()):
            raise OidcError("stale", "not begun in this browser, or before the server was started")
        began = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
        if not 0 <= self._clock() - began["at"] <= _FRESH:
            raise OidcError("stale", "begun too long ago")
        return began

    def _signature(self, content: str) -> str:
        return hmac.new(self._seal, content.encode(), "sha256").hexdigest()

    def _use_up(self, state: str) -> None:
        """A state counts once."""
        with self._lock:
            if state in self._used:
                raise OidcError("stale", "the state was used before")
            self._used[state] = self._clock()
            while len(self._used) > _REMEMBERED:
                self._used.popitem(last=False)


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims["sub"]
    if not isinstance(subject, str) or not subject.strip() or len(subject) > _SUBJECT:
        raise OidcError("untrue", f"{_short(subject)} is no subject")
    return subject


_PLACES = ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would lead elsewhere: it is an error like any other answer that is none."""

    def redirect_request(self, *_args, **_more):
        return None


def _body(answer: HTTPResponse, address: str) -> bytes:
    """What it says, as far as the largest; a server that says it a byte at a time is away."""
    body, until = b"", time.monotonic() + _ALTOGETHER
    while len(body) <= _LARGEST and (part := answer.read1(_LARGEST)):
        body += part
        if time.monotonic() > until:
            raise OidcError("away", f"{address}: too slow")
    return body


def _is_place(place: str, issuer: str, *, same: bool) -> bool:
    """Whether an address is at the issuer's own host (``same``), or else at least behind TLS."""
    try:
        here, there = urlsplit(issuer), urlsplit(place)
        at_issuer = (here.scheme, here.hostname, here.port) == (there.scheme, there.hostname, there.port)
    except ValueError:
        return False
    return at_issuer or (not same and there.scheme == "https" and bool(there.hostname))


def _short(said: object) -> str:
    """What others said, for the server's log: on one line, and not of any length."""
    return f"{said!r:.200}"


def _more(address: str) -> str:
    return "&" if urlsplit(address).query else "?"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")
