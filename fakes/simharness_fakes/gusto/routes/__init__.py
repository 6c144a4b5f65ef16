"""Operation id → handler: the whole of what this fake of Gusto does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simharness.fakekit.fake import Handler
from simharness_fakes.gusto.routes import company, employees, payrolls, reports, schedules

ROUTES: Mapping[str, Handler] = MappingProxyType(
    {
        "GetCompany": company.company,
        "ListLocations": company.locations,
        "ListDepartments": company.departments,
        "GetDepartment": company.department,
        "CreateDepartment": company.create_department,
        "UpdateDepartment": company.update_department,
        "DeleteDepartment": company.delete_department,
        "AddPeopleToDepartment": company.add_people,
        "RemovePeopleFromDepartment": company.remove_people,
        "ListEmployees": employees.employees,
        "GetEmployee": employees.employee,
        "ListPaySchedules": schedules.schedules,
        "GetPaySchedule": schedules.schedule,
        "ListPayPeriods": schedules.periods,
        "ListPayrolls": payrolls.payrolls,
        "GetPayroll": payrolls.payroll,
        "GetPayrollReceipt": payrolls.receipt,
        "ListPayrollReversals": payrolls.reversals,
        "ListPayStubs": payrolls.pay_stubs,
        "CreateGeneralLedgerReport": reports.request,
        "GetReport": reports.status,
        "FetchReport": reports.file,
    }
)
