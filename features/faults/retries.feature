# Germany: 19 % of EUR 1,200.00 is EUR 228.00, so the customer owes EUR 1,428.00 once, whatever went wrong on the way.
@control:REC-01 @money @billing
Feature: A won deal becomes exactly one invoice

  Rule: A retry never bills twice

    Background:
      Given the dictionary "eu-saas" is loaded
      And mapping release "2026.1" is installed
      And the connector hears of news by both
      And today is 2026-01-15

    @fault
    Scenario Outline: <what goes wrong> while posting
      Given a deal "D-1" with "C-100" worth EUR 1,200.00
      And <fault>
      When the deal "D-1" is won
      And the connector finishes its work
      Then deal "D-1" has exactly 1 invoice
      And the ledger posts:
        | account                  | debit        | credit       | cost centre |
        | 1100 Accounts receivable | EUR 1,428.00 |              |             |
        | 4010 Hardware sales      |              | EUR 1,200.00 | CC-10       |
        | 2200 VAT payable         |              | EUR 228.00   |             |
      And metric "net revenue" for 2026-01 equals the ledger

      Examples: uncertain outcomes
        | what goes wrong            | fault                                               |
        | the answer is lost         | the ledger saves the next request but never answers |
        | the invoice's answer lost  | the ledger does "save invoice" but never answers    |
        | nobody waits that long     | the ledger takes 3 minutes to answer, requests 8    |
        | it dies after the invoice  | the connector crashes after "save invoice"          |
        | it dies before the invoice | the connector crashes before "save invoice"         |

      Examples: systems that cannot answer
        | what goes wrong          | fault                                         |
        | the ledger is overloaded | the ledger answers 503 to the next 2 requests |
        | the CRM answers nonsense | the CRM answers 502 to the next 6 requests    |
        | the ledger is away       | the ledger is down for 20 minutes             |
        | the ledger is slow       | the ledger takes 20 seconds to answer         |
        | the ledger is crowded    | the ledger allows 3 requests per minute       |

      Examples: news that comes twice
        | what goes wrong        | fault                             |
        | the CRM repeats itself | the CRM sends every event 2 times |

  Rule: The order in which deals are told of makes no difference

    Background:
      Given the dictionary "eu-saas" is loaded
      And the connector hears of news by webhooks
      And today is 2026-01-15

    # 19 % of 600.00 is 114.00: 1,428.00 and 714.00 together are 2,142.00.
    @fault
    Scenario: The deal that was won last is told of first
      Given a deal "D-1" with "C-100" worth EUR 1,200.00
      And a deal "D-2" with "C-100" worth EUR 600.00
      And the CRM sends events out of order
      When the deal "D-1" is won at 09:30
      And the deal "D-2" is won at 09:31
      And the connector finishes its work
      Then customer "C-100" owes EUR 2,142.00
