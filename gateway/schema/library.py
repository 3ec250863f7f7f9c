"""Which document is asked for: by its text, by the hash of one sent before, or by the id of a trusted one.

The order is the decision: what is trusted runs; where only that may run, nothing else is looked at.
"""

from gateway.errors import (
    DocumentNotTrusted,
    PersistedQueryMismatch,
    PersistedQueryNotFound,
    PersistedQueryNotSupported,
)
from gateway.schema.documents import Document, Documents
from gateway.schema.persisted import Persisted, digest
from gateway.schema.trusted import Trust, Trusted


class Library:
    """Finds documents. The trusted ones may be replaced while it stands."""

    def __init__(self, documents: Documents, *, persisted: Persisted | None, trust: Trust, trusted: Trusted) -> None:
        self._documents = documents
        self._persisted = persisted
        self._trust = trust
        self._trusted = trusted

    def replace(self, trusted: Trusted) -> None:
        """Trust these from now on, and none of those before."""
        self._trusted = trusted

    def text(self, text: str | None, *, sha256: str | None = None, document_id: str | None = None) -> str:
        """The text of the document that is asked for. All refusals are made here: who has the text may run it.

        Raises DocumentNotTrusted, PersistedQueryNotFound, PersistedQueryMismatch, PersistedQueryNotSupported.
        """
        if self._trust is not Trust.OFF:
            trusted = self._by_trust(text, sha256 if document_id is None else document_id)
            if trusted is not None:
                return trusted
        if sha256 is not None:
            return self._by_hash(text, sha256)
        if text is None:
            raise self._unknown_id()
        return text

    def document(self, text: str) -> Document:
        """The document of a text that `text` has let through."""
        return self._trusted.documents.get(text) or self._documents.document(text)

    def _by_trust(self, text: str | None, name: str | None) -> str | None:
        listed = None if name is None else self._trusted.texts.get(name)
        if text is not None and listed is not None and text != listed:
            raise PersistedQueryMismatch("The query is not the trusted document of this id.")
        found = listed if text is None else text
        if found in self._trusted.documents:
            return found
        if self._trust is Trust.REQUIRE:
            raise DocumentNotTrusted("Only documents that are on the gateway's list run here, and this one is not.")
        return None

    def _by_hash(self, text: str | None, sha256: str) -> str:
        # The words are the protocol's: Apollo's clients go by them.
        if self._persisted is None:
            raise PersistedQueryNotSupported("PersistedQueryNotSupported")
        if text is None:
            text = self._persisted.find(sha256)
            if text is None:
                raise PersistedQueryNotFound("PersistedQueryNotFound")
            return text
        if digest(text) != sha256:
            raise PersistedQueryMismatch("provided sha does not match query")
        if self._documents.document(text).node is not None:
            self._persisted.keep(text)
        return text

    def _unknown_id(self) -> Exception:
        if self._trust is Trust.OFF:
            return PersistedQueryNotSupported("There are no trusted documents here: send the query itself.")
        return PersistedQueryNotFound("No trusted document has this documentId: send the query itself.")
