-- dataset: shop
-- code: distinct_rows
SELECT DISTINCT action, count(*) FROM shop GROUP BY action
