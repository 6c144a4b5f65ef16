-- title: Cash collected
-- unit: money
-- formula: customer payments and sales receipts by the day the customer paid, gross of gateway fees, tax included, less refunds and returned payments by the day they went back
WITH money AS (
    SELECT account_id FROM dim_account WHERE role IN ('bank', 'gateway_clearing', 'undeposited')
),
-- A journal entry gives customers their money back when it moves money against a receivable or a customer's deposit.
of_customer AS (
    SELECT DISTINCT j.entry_id
    FROM fct_journal_line AS j
    JOIN dim_account AS a USING (account_id)
    WHERE j.source = 'journal' AND (a.kind = 'receivable' OR a.role = 'deposits')
),
moved AS (
    SELECT 'payments' AS movement, CASE WHEN rate = 1 THEN amount ELSE ROUND(amount * rate, 2) END AS amount
    FROM fct_payment
    WHERE payment_date BETWEEN $start AND $end
    UNION ALL
    SELECT 'payments', CASE WHEN rate = 1 THEN total ELSE ROUND(total * rate, 2) END
    FROM fct_document
    WHERE kind = 'sales_receipt' AND NOT is_void AND document_date BETWEEN $start AND $end
    UNION ALL
    SELECT 'refunds', -CASE WHEN rate = 1 THEN total ELSE ROUND(total * rate, 2) END
    FROM fct_document
    WHERE kind = 'refund_receipt' AND NOT is_void AND document_date BETWEEN $start AND $end
    UNION ALL
    SELECT 'refunds', j.amount
    FROM fct_journal_line AS j
    JOIN money USING (account_id)
    JOIN of_customer USING (entry_id)
    WHERE j.entry_date BETWEEN $start AND $end
    UNION ALL
    SELECT movement, 0 FROM (VALUES ('payments'), ('refunds')) AS all_of(movement)
)
SELECT '' AS by, '' AS key, SUM(amount) AS value FROM moved
UNION ALL
SELECT 'kind', movement, SUM(amount) FROM moved GROUP BY movement
ORDER BY 1, 2
