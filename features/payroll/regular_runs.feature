@payroll @money
Feature: Regular payrolls
  A payroll becomes one journal in the ledger, summed by account and cost centre, and passes through payroll clearing.

  # 72,000.00 a year, 24 times: 3,000.00. Federal income tax: 72,000 - 8,600 = 63,400; 5,800 at 57,900 and 22 % of the 5,500 above is
  # 7,010; / 24 = 292.08. Social Security 6.2 % = 186.00 and Medicare 1.45 % = 43.50 on each side; FUTA 0.6 % = 18.00, Texas 2.7 % = 81.00.
  # Net 3,000.00 - 292.08 - 186.00 - 43.50 = 2,478.42. The employer bears 186.00 + 43.50 + 18.00 + 81.00 = 328.50.
  # Owed to the IRS 292.08 + 2 x 229.50 + 18.00 = 769.08, to Texas 81.00.
  Rule: A payroll is a fact of the books once it is approved

    Background:
      Given the dictionary "us-people" is loaded
      And today is 2026-01-05
      And the employees:
        | name      | cost centres | pay                  | state | schedule    | hired      |
        | Ada Byron | CC-10        | USD 72,000.00 a year | TX    | Semimonthly | 2026-01-01 |
      And payroll "First half of January" is run on 2026-01-09

    Scenario: A payroll that nobody approved is not posted
      When the connector finishes its work
      Then the ledger posts nothing
      And 0 alerts are open

    @control:PAY-01
    Scenario: An approved payroll is posted as one journal
      When "Grace Hopper" approves payroll "First half of January" on 2026-01-12
      And the connector finishes its work
      Then net pay of "Ada Byron" in payroll "First half of January" is USD 2,478.42
      And the journal of payroll "First half of January" is:
        | account                           | cost centre | debit        | credit       |
        | 6000 Salaries and wages           | CC-10       | USD 3,000.00 |              |
        | 6010 Employer payroll taxes       | CC-10       | USD 328.50   |              |
        | 2130 Payroll taxes due to the IRS | ~           |              | USD 769.08   |
        | 2140 Payroll taxes due to Texas   | ~           |              | USD 81.00    |
        | 2100 Payroll clearing             | ~           |              | USD 2,478.42 |
      And the journal of payroll "First half of January" equals the register by "account"
      And every journal balances

    # The provider collects the net pay and the taxes of both sides: 2,478.42 + 850.08 = 3,328.50.
    @bank @reconcile
    Scenario: The provider collects, and nothing is left in payroll clearing
      When payroll "First half of January" is approved on 2026-01-12
      And the connector finishes its work on 2026-01-16
      Then account 2100 Payroll clearing holds USD 0.00
      And account 1000 Bank holds USD -3,328.50
      And payroll to journals reconciles
      And payroll to bank reconciles

    @pii
    Scenario Outline: Nobody can be identified <where>
      When payroll "First half of January" is approved on 2026-01-12
      And the connector finishes its work on 2026-01-16
      Then no employee can be identified in <system>

      Examples:
        | where                | system     |
        | in the books         | the ledger |
        | on the statement     | the bank   |
        | in the connector log | the log    |
        | in exported files    | the files  |

  # 60,000.00 a year is 5,000.00 a month: 60,000 - 8,600 = 51,400; 1,240 + 12 % of 31,500 = 5,020; / 12 = 418.33; 310.00 + 72.50 on each
  # side, FUTA 30.00, Texas 135.00. Employee taxes 800.83, net 4,199.17, employer taxes 547.50.
  Rule: A payroll is called by its month where one period of pay ends in it

    Background:
      Given the dictionary "us-people" is loaded
      And today is 2026-01-05

    Scenario: The register says what payroll calculates, and the journal equals it
      Given the payroll register for 2026-01, schedule "Monthly":
        | employee  | cost centre | state | gross        | employee taxes | net          | employer taxes | cheque on  |
        | Ada Byron | CC-10       | TX    | USD 5,000.00 | USD 800.83     | USD 4,199.17 | USD 547.50     | 2026-01-30 |
      When payroll for 2026-01 is approved on 2026-01-26
      And the connector finishes its work
      Then net pay of "Ada Byron" for 2026-01 is USD 4,199.17
      And the payroll journal for 2026-01 equals the register by "cost centre"
      And every journal line names a "cost centre"

    # Half of the cost each: 2,500.00 and 273.75. To the IRS 418.33 + 2 x 382.50 + 30.00 = 1,213.33.
    Scenario: The pay of one employee is split over two cost centres
      Given the employees:
        | name      | department | cost centres         | pay                  | state | schedule | hired      |
        | Ada Byron | Sales      | CC-10 50%, CC-30 50% | USD 60,000.00 a year | TX    | Monthly  | 2026-01-01 |
      When payroll for 2026-01 is run on 2026-01-26
      And payroll for 2026-01 is approved
      And the connector finishes its work
      Then the payroll register for 2026-01 shows:
        | kind         | cost centre | is           |
        | earning      | CC-10       | USD 2,500.00 |
        | earning      | CC-30       | USD 2,500.00 |
        | employer_tax | CC-30       | USD 273.75   |
      And the payroll journal for 2026-01 is:
        | account                           | cost centre | debit        | credit       |
        | 6000 Salaries and wages           | CC-10       | USD 2,500.00 |              |
        | 6000 Salaries and wages           | CC-30       | USD 2,500.00 |              |
        | 6010 Employer payroll taxes       | CC-10       | USD 273.75   |              |
        | 6010 Employer payroll taxes       | CC-30       | USD 273.75   |              |
        | 2130 Payroll taxes due to the IRS | ~           |              | USD 1,213.33 |
        | 2140 Payroll taxes due to Texas   | ~           |              | USD 135.00   |
        | 2100 Payroll clearing             | ~           |              | USD 4,199.17 |
