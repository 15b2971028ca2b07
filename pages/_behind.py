"""What the gate has to know of the pages: what messages of browser and server are, and who brings files in."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from google.protobuf.message import DecodeError, Message
from streamlit import config, runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data.access.accounts import Account
from metrics.roles import Tree, principal_of
from pages._store import installation
from signin.watching import Behind, Said

_MB = 1024 * 1024
_NOBODY_BELOW = Tree({}, {})  # rights do not depend on units
#: Rights with which one adds evidence to what one may edit.
_WITH_EVIDENCE = ("supervise", "score", "answer", "decide")
#: What pages answer. The rest is for whoever develops them: one visit could empty every cache of the server.
_ANSWERED = ("rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request")
#: What a page asks the server for by such a request.
_OPERATIONS = ("deferred_file", "dataframe_chunk")

_LARGEST = 2  # of the largest files that one may bring in: what the visits of a sign-in may hold
_LEAST_HELD = 100 * _MB  # a few photos for one finding are each far below
#: Messages and their fields that hold the address of a file which the server gives or takes.
_TELLS = frozenset(
    [
        ("Audio", "url"),
        ("DeferredFileResponsePayload", "url"),
        ("DownloadButton", "url"),
        ("Favicon", "url"),
        ("FileURLs", "delete_url"),
        ("FileURLs", "upload_url"),
        ("Image", "url"),
        ("Logo", "icon_image"),
        ("Logo", "image"),
        ("PageConfig", "favicon"),
        ("SubtitleTrack", "url"),
        ("Video", "url"),
    ]
)
_PARTS_OF_ADDRESSES = (b"media/", b"_stcore/upload_file/")


def most_bytes(one: Account) -> int:
    """Most bytes of a file that an account may bring in; 0: none."""
    who = principal_of(one, _NOBODY_BELOW)
    if who.may("import"):
        return config.get_option("server.maxUploadSize") * _MB
    if any(who.may(right) for right in _WITH_EVIDENCE):
        return installation().config.evidence_mb * _MB
    return 0


def budget(one: Account) -> int:
    """Most bytes of files that the visits of one sign-in may hold together."""
    most = most_bytes(one)
    return max(_LARGEST * most, _LEAST_HELD) if most else 0


def held(visits: Collection[str]) -> int:
    """Bytes of the files that visits hold: the server keeps them in memory until the visit ends."""
    if not runtime.exists():
        return 0
    kept = runtime.get_instance().uploaded_file_mgr.file_storage
    return sum(len(one.data) for visit in visits for one in list(kept.get(visit, {}).values()))


def addresses(message: bytes) -> list[str]:
    """Addresses of files that a message to the browser tells: not what merely looks like one in words of a page, which
    somebody may have typed."""
    if not any(part in message for part in _PARTS_OF_ADDRESSES):
        return []
    found = ForwardMsg()
    try:
        found.ParseFromString(message)
    except DecodeError:
        return []
    return list(_told_in(found))


def _told_in(message: Message) -> Iterator[str]:
    name = message.DESCRIPTOR.name
    for field, value in message.ListFields():
        if field.message_type is not None:
            if (
                field.message_type.GetOptions().map_entry
            ):  # of texts and numbers alone, as far as pages make some
                continue
            for part in [value] if isinstance(value, Message) else value:
                yield from _told_in(part)
        elif (name, field.name) in _TELLS:
            yield value


def visit_of(message: bytes) -> str | None:
    """The number of the visit that a message to the browser begins."""
    found = ForwardMsg()
    try:
        found.ParseFromString(message)
    except DecodeError:
        return None
    if found.WhichOneof("type") != "new_session":
        return None
    return found.new_session.initialize.session_id or None


def read(message: bytes) -> Said:
    """What a message from the browser is: whether it is answered, and whether it is something that a person does, no
    beat of its heart and no page's own clock."""
    found = BackMsg()
    try:
        found.ParseFromString(message)
    except DecodeError:
        return Said(answered=False, deed=False)
    kind = found.WhichOneof("type")
    answered = kind in _ANSWERED
    if kind == "backend_operation_request":
        operation = found.backend_operation_request.WhichOneof("payload")
        return Said(answered=operation in _OPERATIONS, deed=operation == "deferred_file")
    by_itself = found.rerun_script.is_auto_rerun
    return Said(answered=answered, deed=kind == "rerun_script" and not by_itself)


BEHIND = Behind(most=most_bytes, budget=budget, held=held, addresses=addresses, visit_of=visit_of, read=read)
