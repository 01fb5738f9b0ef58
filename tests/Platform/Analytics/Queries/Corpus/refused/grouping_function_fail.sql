-- dataset: shop
-- code: unsupported_sql
SELECT grouping(action), count(*) FROM shop GROUP BY action
