-- title: Net revenue
-- unit: money
-- formula: sum of the movements on income and contra-income accounts in the period, credits positive
WITH revenue AS (
    SELECT j.amount, j.cost_centre
    FROM fct_journal_line AS j
    JOIN dim_account AS a USING (account_id)
    WHERE a.kind IN ('income', 'contra_income') AND j.entry_date BETWEEN $start AND $end
)
SELECT '' AS by, '' AS key, COALESCE(-SUM(amount), 0) AS value FROM revenue
UNION ALL
SELECT 'cost_centre', cost_centre, -SUM(amount) FROM revenue GROUP BY cost_centre
ORDER BY 1, 2
