-- title: Collection effectiveness
-- unit: ratio
-- formula: opening receivables + billed − closing receivables, over opening receivables + billed − closing receivables not yet due; billed is invoices less credit memos of the period, with tax; four decimals
WITH receivable AS (
    SELECT
        COALESCE(SUM(CASE WHEN j.entry_date < $start THEN j.amount ELSE 0 END), 0) AS opening,
        COALESCE(SUM(j.amount), 0) AS closing
    FROM fct_journal_line AS j
    JOIN dim_account AS a USING (account_id)
    WHERE a.kind = 'receivable' AND j.entry_date <= $end
),
billed AS (
    SELECT COALESCE(SUM(
        CASE kind WHEN 'credit_memo' THEN -1 ELSE 1 END
        * CASE WHEN rate = 1 THEN total ELSE ROUND(total * rate, 2) END
    ), 0) AS amount
    FROM fct_document
    WHERE kind IN ('invoice', 'credit_memo') AND NOT is_void AND document_date BETWEEN $start AND $end
),
settled AS (
    SELECT a.document_id, SUM(a.amount) AS amount
    FROM fct_application AS a
    WHERE a.document_kind = 'invoice' AND a.applied_on <= $end
    GROUP BY a.document_id
),
not_due AS (
    SELECT COALESCE(SUM(
        CASE WHEN d.rate = 1 THEN d.total - COALESCE(s.amount, 0)
            ELSE ROUND((d.total - COALESCE(s.amount, 0)) * d.rate, 2) END
    ), 0) AS amount
    FROM fct_document AS d
    LEFT JOIN settled AS s ON s.document_id = d.document_id
    WHERE d.kind = 'invoice' AND NOT d.is_void AND d.document_date <= $end AND COALESCE(d.due_date, d.document_date) >= $end
),
scaled AS (
    -- Whole numbers, so that the quotient is rounded half up exactly and no binary fraction is involved.
    SELECT
        CAST((receivable.opening + billed.amount - receivable.closing) * 10000 AS HUGEINT) * 10000 AS above,
        CAST((receivable.opening + billed.amount - not_due.amount) * 10000 AS HUGEINT) AS below
    FROM receivable, billed, not_due
)
SELECT
    '' AS by,
    '' AS key,
    CASE
        WHEN below <= 0 THEN NULL
        WHEN above >= 0 THEN CAST((2 * above + below) // (2 * below) AS DECIMAL(18, 0)) * CAST(0.0001 AS DECIMAL(5, 4))
        ELSE -CAST((2 * -above + below) // (2 * below) AS DECIMAL(18, 0)) * CAST(0.0001 AS DECIMAL(5, 4))
    END AS value
FROM scaled
