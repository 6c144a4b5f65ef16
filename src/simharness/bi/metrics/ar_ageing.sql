-- title: Accounts receivable by age
-- unit: money
-- formula: invoices less what settled them on or before the day, by days past due; unapplied money and credit deducted
WITH applied AS (
    SELECT a.source_kind, a.source_id, a.document_id, a.amount
    FROM fct_application AS a
    JOIN fct_document AS d ON d.document_id = a.document_id
    WHERE GREATEST(a.applied_on, d.document_date) <= $end
),
open_invoice AS (
    SELECT
        date_diff('day', COALESCE(d.due_date, d.document_date), $end) AS days_past_due,
        d.total - COALESCE((SELECT SUM(s.amount) FROM applied AS s WHERE s.document_id = d.document_id), 0) AS amount
    FROM fct_document AS d
    WHERE d.kind = 'invoice' AND NOT d.is_void AND d.document_date <= $end
),
unapplied AS (
    SELECT p.amount - COALESCE(
        (SELECT SUM(s.amount) FROM applied AS s WHERE s.source_kind = 'payment' AND s.source_id = p.payment_id), 0
    ) AS amount
    FROM fct_payment AS p
    WHERE p.payment_date <= $end
    UNION ALL
    SELECT d.total - COALESCE(
        (SELECT SUM(s.amount) FROM applied AS s WHERE s.source_kind = 'credit_memo' AND s.source_id = d.document_id), 0
    )
    FROM fct_document AS d
    WHERE d.kind = 'credit_memo' AND NOT d.is_void AND d.document_date <= $end
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
        amount
    FROM open_invoice
    UNION ALL
    SELECT 'unapplied', -amount FROM unapplied
    UNION ALL
    SELECT bucket, 0 FROM (VALUES ('current'), ('1-30'), ('31-60'), ('61-90'), ('over 90'), ('unapplied')) AS all_of(bucket)
)
SELECT '' AS by, '' AS key, COALESCE(SUM(amount), 0) AS value FROM aged
UNION ALL
SELECT 'bucket', bucket, SUM(amount) FROM aged GROUP BY bucket
ORDER BY 1, 2
