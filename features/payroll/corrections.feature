@payroll @money
Feature: Payrolls that were wrong
  Before the provider collects, a payroll is taken back and run again; afterwards it is reversed. Nothing is posted twice.

  # January at 60,000.00 a year: net 4,199.17, employer taxes 547.50. At 66,000.00: 57,400 after 8,600; 1,240 + 12 % of 37,500 = 5,740;
  # / 12 = 478.33; Social Security 341.00, Medicare 79.75; net 5,500.00 - 899.08 = 4,600.92.
  Background:
    Given the dictionary "us-people" is loaded
    And today is 2026-01-05
    And the employee "Ada Byron" in department "Sales" in "TX" at a salary of USD 60,000.00, schedule "Monthly", hired 2026-01-01
    And payroll "January" is run on 2026-01-26

  Rule: A payroll that is rerun is posted once, as it was run last

    Scenario: A pay that was entered too low
      When payroll for 2026-01 is approved
      And payroll for 2026-01 is rerun with corrections:
        | employee  | pay                  |
        | Ada Byron | USD 66,000.00 a year |
      And the connector finishes its work
      Then net pay of "Ada Byron" for 2026-01 is USD 4,600.92
      And account 6000 Salaries and wages holds USD 5,500.00
      And the payroll journal for 2026-01 equals the register by "account"

    # The pay is right; the cost is that of Delivery.
    Scenario: A department that was wrong
      When payroll "January" is approved
      And the connector finishes its work
      And payroll "January" is rerun with corrections on 2026-01-27:
        | employee  | department |
        | Ada Byron | Delivery   |
      And the connector finishes its work
      Then net pay of "Ada Byron" for 2026-01 is USD 4,199.17
      And the payroll register for 2026-01 shows:
        | kind    | cost centre | is           |
        | earning | CC-30       | USD 5,000.00 |
      And the payroll journal for 2026-01 equals the register by "cost centre"

    Scenario: A payroll that the provider collected cannot be rerun
      When payroll for 2026-01 is approved
      And payroll for 2026-01 is rerun with corrections on 2026-01-29, which is refused because "had to be there by":
        | employee  | pay                  |
        | Ada Byron | USD 66,000.00 a year |
      And the connector finishes its work
      Then net pay of "Ada Byron" for 2026-01 is USD 4,199.17
      And account 6000 Salaries and wages holds USD 5,000.00

  Rule: A payroll that is cancelled leaves nothing in the books

    Scenario: A payroll is cancelled the day after it was approved
      When payroll "January" is approved
      And the connector finishes its work
      And payroll "January" is cancelled on 2026-01-27
      And the connector finishes its work
      Then account 6000 Salaries and wages holds USD 0.00
      And account 2100 Payroll clearing holds USD 0.00

  Rule: A payroll that is reversed is taken back by the exact negatives

    # 418.33 + 2 x 382.50 + 30.00 = 1,213.33 to the IRS, 135.00 to Texas.
    @control:PAY-03
    Scenario: The whole payroll is reversed after pay day
      Given payroll "January" is approved
      And the connector finishes its work on 2026-02-02
      When payroll "January" is reversed by "Taken back" because "wrong month" on 2026-02-03
      And the connector finishes its work on 2026-02-06
      Then net pay of "Ada Byron" in payroll "Taken back" is USD -4,199.17
      And the journal of payroll "Taken back" is:
        | account                           | cost centre | debit        | credit       |
        | 6000 Salaries and wages           | CC-10       |              | USD 5,000.00 |
        | 6010 Employer payroll taxes       | CC-10       |              | USD 547.50   |
        | 2130 Payroll taxes due to the IRS | ~           | USD 1,213.33 |              |
        | 2140 Payroll taxes due to Texas   | ~           | USD 135.00   |              |
        | 2100 Payroll clearing             | ~           | USD 4,199.17 |              |
      And account 1000 Bank holds USD 0.00
