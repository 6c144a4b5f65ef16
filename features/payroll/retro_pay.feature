@payroll @money
Feature: Raises, now and for months that were paid
  A raise for days that were paid is made up for in the next payroll: due is worked out anew, less what was paid.

  Background:
    Given the dictionary "us-people" is loaded
    And today is 2026-01-05

  Rule: Retro pay is paid and posted in the open month; the closed one stays as it is

    Background:
      Given the employee "Ada Byron" in department "Sales" in "TX" at a salary of USD 60,000.00, schedule "Monthly", hired 2026-01-01
      And payroll for 2026-01 is run on 2026-01-26
      And payroll for 2026-01 is approved
      And the connector finishes its work on 2026-02-02

    # From 5,000.00 to 5,500.00 a month: 500.00 for January, paid with February. Income tax of 5,500.00: 66,000 - 8,600 = 57,400; 1,240 +
    # 12 % of 37,500 = 5,740; / 12 = 478.33; retro pay flat 22 % = 110.00. Social Security 6.2 % of 6,000.00 = 372.00, Medicare 87.00.
    # Net 6,000.00 - 478.33 - 110.00 - 372.00 - 87.00 = 4,952.67.
    @close
    Scenario Outline: A raise for January is told in February <how>
      Given the books are closed until 2026-01-31 on 2026-02-03
      When "Ada Byron" gets a raise to <pay> from 2026-01-01 on 2026-02-16
      And payroll "February" is run on 2026-02-23
      And payroll "February" is approved
      And the connector finishes its work
      Then net pay of "Ada Byron" in payroll "February" is USD 4,952.67
      And account 6000 Salaries and wages holds USD 5,000.00 as of 2026-01-31

      Examples:
        | how      | pay                  |
        | by year  | USD 66,000.00 a year |
        | by month | USD 5,500.00 a month |

    # The employer bears 372.00 + 87.00, FUTA on the last 2,000.00 below 7,000 = 12.00, Texas on the last 4,000.00 below 9,000 = 108.00:
    # 579.00. To the IRS 588.33 + 2 x 459.00 + 12.00 = 1,518.33.
    Scenario: The journal of the open month carries the retro pay
      When "Ada Byron" gets a raise to USD 66,000.00 a year from 2026-01-01 on 2026-02-16
      And payroll for 2026-02 is run on 2026-02-23
      And payroll for 2026-02 is approved
      And the connector finishes its work
      Then the payroll register for 2026-02 shows:
        | kind    | code   | is           |
        | earning | salary | USD 5,500.00 |
        | earning | retro  | USD 500.00   |
      And the payroll journal for 2026-02 is:
        | account                           | cost centre | debit        | credit       |
        | 6000 Salaries and wages           | CC-10       | USD 6,000.00 |              |
        | 6010 Employer payroll taxes       | CC-10       | USD 579.00   |              |
        | 2130 Payroll taxes due to the IRS | ~           |              | USD 1,518.33 |
        | 2140 Payroll taxes due to Texas   | ~           |              | USD 108.00   |
        | 2100 Payroll clearing             | ~           |              | USD 4,952.67 |

  Rule: Hours are paid at the wage of their day

    Background:
      Given the employee "Bob Kahn" in department "Sales" in "TX" at USD 20.00 an hour, schedule "Weekly"
      And "Bob Kahn" works these hours on 2026-01-12:
        | day        | hours |
        | 2026-01-05 | 8     |
        | 2026-01-06 | 8     |
        | 2026-01-07 | 8     |
        | 2026-01-08 | 8     |
        | 2026-01-09 | 8     |

    # 40 hours at 20.00: 800.00; 41,600 - 8,600 = 33,000; 1,240 + 12 % of 13,100 = 2,812; / 52 = 54.08; 49.60; 11.60; net 684.72.
    Scenario: A week of forty hours
      When payroll "First week" is run for the pay day 2026-01-16
      And payroll "First week" is approved
      And the connector finishes its work
      Then net pay of "Bob Kahn" in payroll "First week" is USD 684.72
      And the journal of payroll "First week" equals the register by "cost centre"

    # 22.00 instead of 20.00 for 40 hours: 880.00; 45,760 - 8,600 = 37,160; 1,240 + 12 % of 17,260 = 3,311.20; / 52 = 63.68; 54.56; 12.76.
    # Net 880.00 - 63.68 - 54.56 - 12.76 = 749.00.
    Scenario: A raise before the week is paid needs no making up
      When "Bob Kahn" gets a raise to USD 22.00 an hour from 2026-01-05
      And payroll "First week" is run for the pay day 2026-01-16
      And payroll "First week" is approved
      And the connector finishes its work
      Then net pay of "Bob Kahn" in payroll "First week" is USD 749.00
      And the register of payroll "First week" shows:
        | kind    | code   | is         |
        | earning | hourly | USD 880.00 |
        | earning | retro  | USD 0.00   |

  Rule: Hours that were paid at the old wage are made up for

    Background:
      Given the employee "Bob Kahn" in department "Sales" in "TX" at USD 20.00 an hour, schedule "Weekly"
      And "Bob Kahn" works these hours on 2026-01-12:
        | day        | hours |
        | 2026-01-05 | 8     |
        | 2026-01-06 | 8     |
        | 2026-01-07 | 8     |
        | 2026-01-08 | 8     |
        | 2026-01-09 | 8     |
      And payroll "First week" is run for the pay day 2026-01-16
      And payroll "First week" is approved

    # The wage of 22.00 from the day of the first week is told when that week was paid at 20.00. Second week: 880.00 and 40 x 2.00 = 80.00
    # of retro pay, which bears 22 % = 17.60. Social Security 6.2 % of 960.00 = 59.52, Medicare 13.92.
    # Net 960.00 - 63.68 - 17.60 - 59.52 - 13.92 = 805.28.
    Scenario: A raise after the week was paid is made up for in the next one
      When "Bob Kahn" works these hours on 2026-01-19:
        | day        | hours |
        | 2026-01-12 | 8     |
        | 2026-01-13 | 8     |
        | 2026-01-14 | 8     |
        | 2026-01-15 | 8     |
        | 2026-01-16 | 8     |
      And "Bob Kahn" gets a raise to USD 22.00 an hour from 2026-01-05
      And payroll "Second week" is run for the pay day 2026-01-23
      And payroll "Second week" is approved
      And the connector finishes its work
      Then net pay of "Bob Kahn" in payroll "Second week" is USD 805.28
