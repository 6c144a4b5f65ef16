-- title: Payroll cost
-- unit: money
-- formula: sum of the movements on the accounts of wages, employer taxes and employer benefits in the period, debits positive; what is not paid in money is not booked, reimbursements are no pay
WITH cost AS (
    SELECT j.amount, j.cost_centre
    FROM fct_journal_line AS j
    JOIN dim_account AS a USING (account_id)
    WHERE a.role IN ('wages', 'employer_taxes', 'employer_benefits') AND j.entry_date BETWEEN $start AND $end
)
SELECT '' AS by, '' AS key, COALESCE(SUM(amount), 0) AS value FROM cost
UNION ALL
SELECT 'cost_centre', cost_centre, SUM(amount) FROM cost GROUP BY cost_centre
ORDER BY 1, 2
