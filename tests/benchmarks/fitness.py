"""Who may take part: only what really signs and verifies is measured."""

from authkit.jose.encoding import encode_segment
from tests.benchmarks.peers import Peer, Sign, Verify
from tests.benchmarks.workload import Workload


def unfit_verifier(peer: Peer, verify: Verify, work: Workload) -> str:
    """Why this verifier may not be measured, in a sentence; empty if it really verifies."""
    try:
        verify(work.token)
    except Exception as error:
        return f"{peer.name} refuses good {work.alg} tokens ({type(error).__name__}: {error}), so it is not measured."
    own_job = [*work.faults][:1] if peer.stands_for == "floor" else [*work.faults]
    for fault in own_job:
        try:
            verify(work.faults[fault])
        except Exception:
            continue
        return f"{peer.name} accepts {work.alg} tokens with {fault}, so it is not measured."
    return ""


def unfit_signer(peer: Peer, sign: Sign, verify: Verify, work: Workload) -> str:
    """Why this signer may not be measured; `verify` is authkit's own, which has to accept what it signs."""
    try:
        signed = sign()
        if isinstance(signed, bytes):  # a signature and nothing else
            signed = f"{work.token.rpartition('.')[0]}.{encode_segment(signed)}"
        verify(signed)
    except Exception as error:
        return f"What {peer.name} signs with {work.alg} does not verify ({error}), so it is not measured."
    if abs(len(signed) - len(work.token)) > 40:
        return f"{peer.name} signs {len(signed)} characters, not {len(work.token)}, so it is not measured."
    return ""
