-- title: Gross to net
-- unit: money
-- formula: net pay of the payrolls whose cheques are dated in the period; gross less deductions, garnishments, employee taxes and what is not paid in money, plus reimbursements, comes to the same
WITH component AS (
    SELECT
        CASE
            WHEN kind = 'earning' THEN 'gross'
            WHEN kind = 'deduction' THEN 'deductions'
            WHEN kind = 'garnishment' THEN 'garnishments'
            WHEN kind = 'employee_tax' THEN 'employee_taxes'
            WHEN kind = 'reimbursement' THEN 'reimbursements'
            WHEN kind = 'net' THEN 'net'
        END AS step,
        CASE WHEN kind IN ('deduction', 'garnishment', 'employee_tax') THEN -amount ELSE amount END AS amount,
        kind,
        in_cash
    FROM fct_payroll_component
    WHERE cheque_date BETWEEN $start AND $end
)
SELECT '' AS by, '' AS key, COALESCE(SUM(amount) FILTER (WHERE step = 'net'), 0) AS value FROM component
UNION ALL
SELECT 'step', step, SUM(amount) FROM component WHERE step IS NOT NULL AND step <> 'net' GROUP BY step
UNION ALL
SELECT 'step', 'non_cash', -SUM(amount) FROM component WHERE kind = 'earning' AND NOT in_cash HAVING COUNT(*) > 0
ORDER BY 1, 2
