"""The payroll family's engine: what a run pays, withholds and costs, from pay terms to the register. No HTTP here.

`office` is one company's payroll; `cheques` calculates one cheque out of `earnings`, `deductions`, `federal`, `fica`,
`states` and the others; `runs` is the life of a run. What authorities print lies in `tables` as data with its source.
"""
