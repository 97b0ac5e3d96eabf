"""A composer that is told another register than was planned, to find out what the register alone does."""

from dataclasses import replace

from hitpoint.engine.composer import Composer
from hitpoint.score.request import BarPlan, BarRequest, ComposedBar, WrittenBar


class RegisterComposer(Composer):
    """Writes bars as planned, but for their register."""

    register: float | None = None
    """0 to 1, in place of what bars are planned for; None leaves that."""

    def compose(self, request: BarRequest) -> tuple[ComposedBar, ...]:
        """As Composer.compose. What comes back answers the request as it was made, so that it stands on its page."""
        if self.register is None:
            return super().compose(request)
        past = tuple(WrittenBar(self._moved(bar.plan), bar.parts) for bar in request.past)
        found = super().compose(replace(request, plan=self._moved(request.plan), past=past))
        return tuple(replace(bar, basis=request.plan.basis(bar.part)) for bar in found)

    def _moved(self, plan: BarPlan) -> BarPlan:
        return replace(plan, register=self.register)
