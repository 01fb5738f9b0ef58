-- dataset: shop
-- code: distinct_rows
SELECT DISTINCT ON (action) action, count(*) FROM shop GROUP BY action
