"""A signing key on a device (HSM, smart card) behind a PKCS#11 library; it never leaves it.

pyHanko's own adapter does the talking. A process opens the device once and stays logged in, since
a token knows one log-in per process; one signature is made at a time on that session.
"""

import contextlib
from threading import Lock
from typing import Any

_using = Lock()
_signers: dict[tuple[str, str, str, str], Any] = {}


class DeviceError(Exception):
    """The device does not answer, refuses the PIN, or does not hold the key and its cert."""


def open_device(*, library: str, token: str, label: str, pin: str) -> Any:
    """Return pyHanko's signer for the key and the cert with this label on the named token.

    `library`: path of the PKCS#11 module. Raises DeviceError.
    """
    wanted = (library, token, label, pin)
    with _using:
        if wanted not in _signers:
            _log_out()
            _signers[wanted] = _opened(*wanted)
        return _signers[wanted]


def close_device() -> None:
    """Log out; the next use opens the device anew."""
    with _using:
        _log_out()


def _log_out() -> None:
    for signer in _signers.values():
        with contextlib.suppress(Exception):  # a lost session cannot be closed
            signer.pkcs11_session.close()
    _signers.clear()


def _opened(library: str, token: str, label: str, pin: str) -> Any:
    try:
        from pkcs11 import PKCS11Error  # noqa: PLC0415  (needed only where a device is set)
        from pyhanko.config.pkcs11 import TokenCriteria  # noqa: PLC0415  (as above)
        from pyhanko.sign.pkcs11 import open_pkcs11_session  # noqa: PLC0415  (as above)
    except ImportError as error:
        raise DeviceError("The package python-pkcs11 is not installed.") from error
    try:
        session = open_pkcs11_session(
            library, token_criteria=TokenCriteria(label=token), user_pin=pin or None
        )
    except (PKCS11Error, RuntimeError) as error:
        raise DeviceError(f"The device cannot be used: {type(error).__name__}.") from error
    try:
        signer = _signer_class()(session, cert_label=label, key_label=label)
        found = signer.signing_cert
    except PKCS11Error as error:
        session.close()
        raise DeviceError("The device holds no key and cert with this label.") from error
    if found is None:
        session.close()
        raise DeviceError("The device holds no cert with this label.")
    return signer


def _signer_class() -> type[Any]:
    from pkcs11 import PKCS11Error  # noqa: PLC0415  (as above)
    from pyhanko.sign.pkcs11 import PKCS11Signer  # noqa: PLC0415  (as above)

    class OneAtATime(PKCS11Signer):
        """One signature at a time; after a fault the device is opened anew for the next."""

        async def async_sign_raw(
            self, data: bytes, digest_algorithm: str, dry_run: bool = False
        ) -> bytes:
            # Blocks this thread's own event loop, in which nothing else runs.
            with _using:
                try:
                    return await super().async_sign_raw(data, digest_algorithm, dry_run)
                except PKCS11Error as error:
                    _log_out()
                    raise DeviceError("The device did not sign.") from error

    return OneAtATime
