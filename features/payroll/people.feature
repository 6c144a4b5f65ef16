@payroll @money
Feature: What an employee states, earns and owes
  A change of a person reaches the books as an amount of an account and a cost centre, never as a name.

  # 72,000.00 a year is 3,000.00 a half month: income tax 292.08, Social Security 186.00, Medicare 43.50; net 2,478.42; the employer bears
  # 186.00 + 43.50 + 18.00 + 81.00 = 328.50.
  Background:
    Given the dictionary "us-people" is loaded
    And today is 2026-01-05
    And the employee "Ada Byron" in department "Sales" in "TX" at a salary of USD 72,000.00, schedule "Semimonthly", hired 2026-01-01

  Rule: Income tax follows what the employee states

    # Married and filing jointly: 72,000 - 12,900 = 59,100; 2,480 at 44,100 + 12 % of 15,000 = 4,280; / 24 = 178.33; net 2,592.17.
    @taxes
    Scenario Outline: Somebody files <how>
      Given "Ada Byron" files as <status>
      When payroll "First half of January" is run on 2026-01-09
      And payroll "First half of January" is approved
      And the connector finishes its work
      Then net pay of "Ada Byron" in payroll "First half of January" is <net>

      Examples:
        | how                   | status | net          |
        | alone                 | single | USD 2,478.42 |
        | jointly with a spouse | joint  | USD 2,592.17 |

  Rule: What is taken for a plan is owed to it until the company pays it

    # 6 % of 3,000.00 = 180.00 into the 401(k), the company adds half: 270.00 are owed to the plan. It cuts income tax only: 2,820.00 x 24 -
    # 8,600 = 59,080; 5,800 + 22 % of 1,180 = 6,059.60; / 24 = 252.48. Net 3,000.00 - 180.00 - 252.48 - 186.00 - 43.50 = 2,338.02.
    @bank
    Scenario: A retirement plan is paid what was taken and added
      Given these deductions of "Ada Byron":
        | code            | name   | payee                | percent | match | match up to |
        | retirement_401k | 401(k) | Lone Star Retirement | 6%      | 50%   | 6%          |
      When payroll "First half of January" is run on 2026-01-09
      And payroll "First half of January" is approved
      And the company remits USD 270.00 to "Lone Star Retirement" on 2026-01-20
      And the connector finishes its work
      Then net pay of "Ada Byron" in payroll "First half of January" is USD 2,338.02
      And account 2160 Retirement plan payable holds USD 0.00

  Rule: Cost follows the department, by workdays

    # The first half of January has eleven workdays. From Monday the 12th Ada works four of them in Delivery: 3,000.00 x 4/11 = 1,090.91,
    # and 1,909.09 stay in Sales.
    Scenario: A transfer in the middle of a period
      Given "Ada Byron" is transferred to department "Delivery" from 2026-01-12
      When payroll "First half of January" is run on 2026-01-09
      And payroll "First half of January" is approved
      And the connector finishes its work
      Then net pay of "Ada Byron" in payroll "First half of January" is USD 2,478.42
      And the register of payroll "First half of January" shows:
        | kind    | cost centre | is           |
        | earning | CC-10       | USD 1,909.09 |
        | earning | CC-30       | USD 1,090.91 |

    # Seven of eleven workdays until Friday the 9th: 3,000.00 x 7/11 = 1,909.09. 45,818.16 - 8,600 = 37,218.16; 1,240 + 12 % of 17,318.16 =
    # 3,318.18; / 24 = 138.26; Social Security 118.36, Medicare 27.68; net 1,624.79.
    Scenario: Somebody leaves in the middle of a period
      Given "Ada Byron" leaves the company with 2026-01-09
      When payroll "First half of January" is run on 2026-01-09
      And payroll "First half of January" is approved
      And the connector finishes its work
      Then net pay of "Ada Byron" in payroll "First half of January" is USD 1,624.79
      And account 6000 Salaries and wages holds USD 1,909.09

  Rule: A pay cheque is owed until it is cashed

    # Bob gets the same 2,478.42 by cheque, Ada by direct deposit.
    @bank
    Scenario: A pay cheque is cashed in another month
      Given the employee "Bob Kahn" in department "Sales" in "TX" at a salary of USD 72,000.00, schedule "Semimonthly", hired 2026-01-01, paid by "cheque"
      When payroll "First half of January" is run on 2026-01-09
      And payroll "First half of January" is approved
      And "Bob Kahn" cashes the pay cheque of payroll "First half of January" on 2026-02-03
      And the connector finishes its work
      Then account 2110 Pay cheques outstanding holds USD -2,478.42 as of 2026-01-31
      And account 2110 Pay cheques outstanding holds USD 0.00
