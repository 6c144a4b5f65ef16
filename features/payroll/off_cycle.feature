@payroll @money
Feature: Off-cycle payrolls
  A payroll beside the schedule pays one employee one amount. It sees what the year has paid so far.

  Rule: A bonus is taxed flat where tax was withheld from regular pay

    # 22 % of 1,000.00 = 220.00; Social Security 62.00, Medicare 14.50; net 703.50. The employer bears 62.00 + 14.50, FUTA 6.00 and
    # Texas 27.00: 109.50. To the IRS 220.00 + 2 x 76.50 + 6.00 = 379.00.
    Background:
      Given the dictionary "us-people" is loaded
      And today is 2026-01-05
      And the payroll register for 2026-01, schedule "Monthly" on 2026-01-09:
        | employee  | cost centre | state | gross        | net          |
        | Ada Byron | CC-10       | TX    | USD 5,000.00 | USD 4,199.17 |
      And payroll for 2026-01 is approved

    @control:PAY-02
    Scenario: A bonus is posted by a journal of its own
      When the off-cycle payroll "Goal bonus" pays "Ada Byron" USD 1,000.00 on 2026-02-12 because "goal reached" on 2026-02-05
      And payroll "Goal bonus" is approved on 2026-02-06
      And the connector finishes its work
      Then net pay of "Ada Byron" in payroll "Goal bonus" is USD 703.50
      And the journal of payroll "Goal bonus" is:
        | account                           | cost centre | debit        | credit     |
        | 6000 Salaries and wages           | CC-10       | USD 1,000.00 |            |
        | 6010 Employer payroll taxes       | CC-10       | USD 109.50   |            |
        | 2130 Payroll taxes due to the IRS | ~           |              | USD 379.00 |
        | 2140 Payroll taxes due to Texas   | ~           |              | USD 27.00  |
        | 2100 Payroll clearing             | ~           |              | USD 703.50 |

    # A bonus of 500.00: 110.00 + 31.00 + 7.25, net 351.75. The year: 5,000.00 + 500.00; Medicare 72.50 + 7.25 = 79.75.
    Scenario: A bonus counts towards the year
      When an off-cycle payroll pays "Ada Byron" USD 500.00 on 2026-02-12 because "bonus" on 2026-02-05 as "Bonus"
      And payroll "Bonus" is approved on 2026-02-06
      And the connector finishes its work
      Then net pay of "Ada Byron" in payroll "Bonus" is USD 351.75
      And the year to date of "Ada Byron" in 2026 shows:
        | item        | amount       |
        | gross       | USD 5,500.00 |
        | bonus       | USD 500.00   |
        | net         | USD 4,550.92 |
        | us_medicare | USD 79.75    |

    # Payroll pays it; nobody said which account bears it, so the books wait for a person.
    @fault
    Scenario: A bonus of a type that nobody gave an account
      Given the company keeps the earning type "retention", "Retention bonus"
      When the off-cycle payroll "Stay" pays "Ada Byron" USD 500.00 on 2026-02-12 because "bonus", code "retention" on 2026-02-05
      And payroll "Stay" is approved on 2026-02-06
      And the connector finishes its work
      Then net pay of "Ada Byron" in payroll "Stay" is USD 351.75
      And "finance-operations" is alerted about "Stay" and USD 500.00
      And account 6000 Salaries and wages holds USD 5,000.00

    # Flat as any pay beside the schedule: 110.00 + 31.00 + 7.25, net 351.75.
    Scenario: What January forgot is paid in February, and says for which days
      When an off-cycle payroll pays "Ada Byron" USD 500.00 on 2026-02-12 because "correction", code "retro", service from 2026-01-01, service to 2026-01-31 on 2026-02-05 as "Forgotten"
      And payroll "Forgotten" is approved on 2026-02-06
      And the connector finishes its work
      Then net pay of "Ada Byron" in payroll "Forgotten" is USD 351.75

    # 351.75 was paid and comes back; January stays.
    Scenario: A bonus that was a mistake is reversed
      When the off-cycle payroll "Bonus" pays "Ada Byron" USD 500.00 on 2026-02-12 because "bonus" on 2026-02-05
      And payroll "Bonus" is approved on 2026-02-06
      And payroll "Bonus" is reversed on 2026-02-13
      And the connector finishes its work
      Then the year to date of "Ada Byron" shows:
        | item  | amount       |
        | gross | USD 5,000.00 |
        | bonus | USD 0.00     |
      And account 6000 Salaries and wages holds USD 5,000.00

  Rule: The way of taxing a bonus may be asked for

    # Regular pay 2,000.00: 48,000 - 8,600 = 39,400; 1,240 + 12 % of 19,500 = 3,580; / 24 = 149.17. Together 3,000.00 bear 292.08, less the
    # 149.17 that were withheld: 142.91. Net 1,000.00 - 142.91 - 62.00 - 14.50 = 780.59; flat 1,000.00 - 220.00 - 76.50 = 703.50.
    Background:
      Given the dictionary "us-people" is loaded
      And today is 2026-01-05
      And the employee "Ada Byron" in department "Sales" in "TX" at a salary of USD 48,000.00, schedule "Semimonthly", hired 2026-01-01
      And payroll "First half of January" is run on 2026-01-09

    @taxes
    Scenario Outline: A bonus is taxed <how>
      Given payroll "First half of January" is approved
      When the off-cycle payroll "Bonus" pays "Ada Byron" USD 1,000.00 on 2026-01-22 because "bonus", supplemental <way> on 2026-01-19
      And payroll "Bonus" is approved
      And the connector finishes its work
      Then net pay of "Ada Byron" in payroll "Bonus" is <net>
      And the journal of payroll "Bonus" equals the register by "account"

      Examples:
        | how                                | way       | net        |
        | flat                               | flat      | USD 703.50 |
        | together with the last regular pay | aggregate | USD 780.59 |
