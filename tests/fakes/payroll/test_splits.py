"""A component is split once over cost centres, however many parts of the period they bear."""

from __future__ import annotations

from simharness.domain.payroll import CostSplit, PayCheque
from simharness_fakes.payroll.splits import by_centre
from tests.fakes.payroll.company import D, earning, usd


def test_a_cost_centre_of_two_parts_gets_one_share_of_the_leftover_cents() -> None:
    # Three days at 74/26 and seven at a third each: 806.60 × 0.45531, 0.31138 and 0.23331 are 367.253, 251.159 and
    # 188.188, so that the two cents that are left go to the second and the third.
    shares = (("CC1", "0.222"), ("CC2", "0.078"), ("CC3", "0.23331"), ("CC1", "0.23331"), ("CC2", "0.23338"))
    salary = earning("salary", "806.60")
    cheque = PayCheque(
        id="c",
        employee="e",
        components=(salary,),
        gross=usd("806.60"),
        net=usd("806.60"),
        splits=tuple(CostSplit(cost_centre=centre, share=D(share)) for centre, share in shares),
    )
    assert by_centre(cheque, salary) == (("CC1", usd("367.25")), ("CC2", usd("251.16")), ("CC3", usd("188.19")))
