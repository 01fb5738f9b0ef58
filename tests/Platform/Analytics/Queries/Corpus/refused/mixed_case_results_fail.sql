-- dataset: shop
-- code: operator_not_allowed
SELECT CASE WHEN vip THEN 1 ELSE 'x' END, count(*) FROM shop GROUP BY 1
