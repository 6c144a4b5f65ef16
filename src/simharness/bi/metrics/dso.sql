-- title: Days sales outstanding
-- unit: days
-- formula: receivables on the last day, with tax, over invoices less credit memos of the period, with tax, times the days of the period; two decimals
WITH receivable AS (
    SELECT COALESCE(SUM(j.amount), 0) AS amount
    FROM fct_journal_line AS j
    JOIN dim_account AS a USING (account_id)
    WHERE a.kind = 'receivable' AND j.entry_date <= $end
),
sales AS (
    SELECT COALESCE(SUM(
        CASE kind WHEN 'credit_memo' THEN -1 ELSE 1 END
        * CASE WHEN rate = 1 THEN total ELSE ROUND(total * rate, 2) END
    ), 0) AS amount
    FROM fct_document
    WHERE kind IN ('invoice', 'credit_memo') AND NOT is_void AND document_date BETWEEN $start AND $end
),
scaled AS (
    -- Whole numbers, so that the quotient is rounded half up exactly and no binary fraction is involved.
    SELECT
        CAST(receivable.amount * 10000 AS HUGEINT) * (date_diff('day', $start, $end) + 1) * 100 AS above,
        CAST(sales.amount * 10000 AS HUGEINT) AS below
    FROM receivable, sales
)
SELECT
    '' AS by,
    '' AS key,
    CASE
        WHEN below <= 0 THEN NULL
        WHEN above >= 0 THEN CAST((2 * above + below) // (2 * below) AS DECIMAL(18, 0)) * CAST(0.01 AS DECIMAL(3, 2))
        ELSE -CAST((2 * -above + below) // (2 * below) AS DECIMAL(18, 0)) * CAST(0.01 AS DECIMAL(3, 2))
    END AS value
FROM scaled
