-- dataset: shop
-- code: distinct_rows
SELECT count(*) FROM (SELECT DISTINCT city FROM shop)
