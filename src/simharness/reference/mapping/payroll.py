"""payroll.yaml: where a processed payroll goes in the books, and by which words the bank tells of it.

A mapping without the file keeps no payroll. Names are the payroll provider's, as its reports tell them; `code` is
finance's own word for the same, under which BI sums it up.
"""

from __future__ import annotations

import msgspec

SERVICE_END, CHEQUE = "service_end", "cheque"
CURRENT, SERVICE = "current_period", "service_period"
TOLD, BY_RUNS = "told", "by_runs"


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of what is read from the file."""


class Earning(_Part, frozen=True, kw_only=True):
    """A kind of earning. `cash`: false where it is not paid in money, so that the books do not see it."""

    code: str
    account: str = "wages"
    cash: bool = True


class Levy(_Part, frozen=True, kw_only=True):
    """A tax of either side: the payee it is for, and the account of the employer's part."""

    code: str
    payee: str
    account: str = "employer_taxes"


class Benefit(_Part, frozen=True, kw_only=True):
    """A plan or an insurance: `code` is what employees pay, `employer_code` what the company adds."""

    code: str
    payee: str
    employer_code: str = ""
    account: str = "employer_benefits"


class Garnishment(_Part, frozen=True, kw_only=True):
    """What is taken for creditors by order of a court. Its name is somebody's case, so all are one."""

    code: str
    payee: str


class Payee(_Part, frozen=True, kw_only=True):
    """Whom money is owed to, and on which account. Taxes are taken over by the provider on the day of its debit, all
    else is paid by the company itself: `words` are what the bank's line of that says behind the word for remittances,
    in any case (the name itself always is one).
    """

    account: str
    words: tuple[str, ...] = ()


class PayrollWords(_Part, frozen=True, kw_only=True):
    """What begins the bank's text: of the provider's two debits, of a pay cheque, of what the company remits."""

    net_debit: str = "GUSTO NET"
    tax_debit: str = "GUSTO TAX"
    pay_cheque: str = "PAY CHEQUE"
    remittance: str = "REMITTANCE"


class PayrollRules(_Part, frozen=True, kw_only=True):
    """How runs become journals. Departments are the provider's, by name, with the code of the cost centre that bears
    them; one that is not listed has none, and a run that pays somebody there waits for a person.

    `journal_date`: the last day of service, or the day of the cheques. `retro`: whether pay for past days is a cost of
    the run's own period, or of the period of service while that is open. `accrual`: whether wages that are earned at
    the end of a period and run later are accrued as people tell them, or by what the runs say.
    """

    departments: dict[str, str] = {}
    earnings: dict[str, Earning] = {}
    taxes: dict[str, Levy] = {}
    benefits: dict[str, Benefit] = {}
    garnishments: Garnishment | None = None
    payees: dict[str, Payee] = {}
    reimbursements: str = "reimbursements"
    journal_date: str = SERVICE_END
    retro: str = CURRENT
    accrual: str = TOLD
    words: PayrollWords = PayrollWords()
    #: Whether a run that was not processed by its deadline is told to a person.
    tells_missed_runs: bool = False
    #: For how many days after a run its pay cheques are waited for at the bank; then what was kept of them goes.
    keep_cheques_days: int = 180

    @property
    def kept(self) -> bool:
        """Whether these books have a payroll."""
        return bool(self.departments or self.earnings)
