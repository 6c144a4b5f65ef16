-- title: Accounts receivable by age
-- unit: money
-- formula: invoices and debits on receivables less what settled them on or before the day, by days past due; unapplied money and credit deducted
WITH owed AS (
    SELECT 'invoice' AS kind, document_id AS id, document_date AS day, COALESCE(due_date, document_date) AS due, total AS amount, rate
    FROM fct_document
    WHERE kind = 'invoice' AND NOT is_void AND document_date <= $end
    UNION ALL
    SELECT 'journal', item_id, item_date, item_date, amount, rate
    FROM fct_open_item
    WHERE amount > 0 AND item_date <= $end
),
given AS (
    SELECT 'payment' AS kind, payment_id AS id, payment_date AS day, amount, rate
    FROM fct_payment
    WHERE payment_date <= $end
    UNION ALL
    SELECT 'credit_memo', document_id, document_date, total, rate
    FROM fct_document
    WHERE kind = 'credit_memo' AND NOT is_void AND document_date <= $end
    UNION ALL
    SELECT 'journal', item_id, item_date, -amount, rate
    FROM fct_open_item
    WHERE amount < 0 AND item_date <= $end
),
applied AS (
    SELECT a.source_kind, a.source_id, a.document_kind, a.document_id, a.amount
    FROM fct_application AS a
    JOIN owed ON owed.kind = a.document_kind AND owed.id = a.document_id
    JOIN given ON given.kind = a.source_kind AND given.id = a.source_id
    WHERE a.applied_on <= $end
),
settled AS (
    SELECT document_kind, document_id, SUM(amount) AS amount FROM applied GROUP BY document_kind, document_id
),
used AS (
    SELECT source_kind, source_id, SUM(amount) AS amount FROM applied GROUP BY source_kind, source_id
),
open_item AS (
    SELECT date_diff('day', owed.due, $end) AS days_past_due, owed.amount - COALESCE(settled.amount, 0) AS amount, owed.rate
    FROM owed
    LEFT JOIN settled ON settled.document_kind = owed.kind AND settled.document_id = owed.id
),
aged AS (
    SELECT
        CASE
            WHEN days_past_due <= 0 THEN 'current'
            WHEN days_past_due <= 30 THEN '1-30'
            WHEN days_past_due <= 60 THEN '31-60'
            WHEN days_past_due <= 90 THEN '61-90'
            ELSE 'over 90'
        END AS bucket,
        CASE WHEN rate = 1 THEN amount ELSE ROUND(amount * rate, 2) END AS amount
    FROM open_item
    UNION ALL
    SELECT
        'unapplied',
        -CASE WHEN rate = 1 THEN given.amount - COALESCE(used.amount, 0)
            ELSE ROUND((given.amount - COALESCE(used.amount, 0)) * rate, 2) END
    FROM given
    LEFT JOIN used ON used.source_kind = given.kind AND used.source_id = given.id
    UNION ALL
    SELECT bucket, 0 FROM (VALUES ('current'), ('1-30'), ('31-60'), ('61-90'), ('over 90'), ('unapplied')) AS all_of(bucket)
)
SELECT '' AS by, '' AS key, COALESCE(SUM(amount), 0) AS value FROM aged
UNION ALL
SELECT 'bucket', bucket, SUM(amount) FROM aged GROUP BY bucket
ORDER BY 1, 2
