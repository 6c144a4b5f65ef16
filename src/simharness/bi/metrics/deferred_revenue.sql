-- title: Deferred revenue
-- unit: money
-- formula: opening balance of deferred revenue plus what was billed before its service is given, less what was recognised as the service was given, less what was credited of the rest, equals closing, owed positive
WITH movement AS (
    SELECT j.entry_date, j.source, -j.amount AS amount
    FROM fct_journal_line AS j
    JOIN dim_account AS a USING (account_id)
    WHERE a.role = 'deferred_revenue' AND j.entry_date <= $end
),
rolled AS (
    SELECT
        COALESCE(SUM(amount) FILTER (WHERE entry_date < $start), 0) AS opening,
        COALESCE(SUM(amount) FILTER (WHERE entry_date >= $start AND source IN ('invoice', 'sales_receipt')), 0) AS billed,
        COALESCE(-SUM(amount) FILTER (WHERE entry_date >= $start AND source NOT IN ('invoice', 'sales_receipt', 'credit_memo', 'refund_receipt')), 0) AS recognised,
        COALESCE(-SUM(amount) FILTER (WHERE entry_date >= $start AND source IN ('credit_memo', 'refund_receipt')), 0) AS credited,
        COALESCE(SUM(amount), 0) AS closing
    FROM movement
)
SELECT '' AS by, '' AS key, closing AS value FROM rolled
UNION ALL
SELECT 'movement', 'opening', opening FROM rolled
UNION ALL
SELECT 'movement', 'billed', billed FROM rolled
UNION ALL
SELECT 'movement', 'recognised', recognised FROM rolled
UNION ALL
SELECT 'movement', 'credited', credited FROM rolled
UNION ALL
SELECT 'movement', 'closing', closing FROM rolled
ORDER BY 1, 2
