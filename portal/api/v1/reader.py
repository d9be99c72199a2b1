"""A system that reads, as queries and the log see whoever reads."""

from dataclasses import dataclass

from portal.api.tokens.models import ApiToken, TokenScope
from portal.shared.accounts.models import Municipality
from portal.web.permissions import Action, Scope

LONGEST_UNIT = 120
"""Characters of a unit in the log."""


@dataclass(frozen=True)
class SystemReader:
    """It may what the token's scopes say, and all that it reads is its municipality's."""

    token: ApiToken
    id: None = None
    role: None = None

    @property
    def municipality(self) -> Municipality:
        return self.token.municipality

    @property
    def municipality_id(self) -> int:
        return self.token.municipality_id

    @property
    def unit_name(self) -> str:
        """As a citizen reads it in her log."""
        return f"{self.municipality.name} Kommune, {self.token.system}"[:LONGEST_UNIT]

    @property
    def scope(self) -> Scope:
        return Scope.MUNICIPALITY

    def opens(self, scope: TokenScope) -> bool:
        return scope in self.token.scopes

    def may(self, action: Action) -> bool:
        return any(action in scope.actions for scope in self.token.scopes)

    def scope_of(self, *actions: Action) -> Scope | None:
        return self.scope if any(self.may(action) for action in actions) else None
