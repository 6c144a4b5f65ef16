-- title: Tax liability
-- unit: money
-- formula: opening balance of the tax accounts plus tax charged on sales less that on credits and refunds, less settled, equals closing, owed positive
WITH movement AS (
    SELECT j.entry_date, j.source, -j.amount AS amount
    FROM fct_journal_line AS j
    JOIN dim_account AS a USING (account_id)
    WHERE a.is_tax AND j.entry_date <= $end
),
rolled AS (
    SELECT
        COALESCE(SUM(amount) FILTER (WHERE entry_date < $start), 0) AS opening,
        COALESCE(SUM(amount) FILTER (WHERE entry_date >= $start AND source IN ('invoice', 'credit_memo', 'sales_receipt', 'refund_receipt')), 0) AS charged,
        COALESCE(-SUM(amount) FILTER (WHERE entry_date >= $start AND source NOT IN ('invoice', 'credit_memo', 'sales_receipt', 'refund_receipt')), 0) AS settled,
        COALESCE(SUM(amount), 0) AS closing
    FROM movement
)
SELECT '' AS by, '' AS key, closing AS value FROM rolled
UNION ALL
SELECT 'movement', 'opening', opening FROM rolled
UNION ALL
SELECT 'movement', 'charged', charged FROM rolled
UNION ALL
SELECT 'movement', 'settled', settled FROM rolled
UNION ALL
SELECT 'movement', 'closing', closing FROM rolled
ORDER BY 1, 2
