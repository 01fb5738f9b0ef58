-- dataset: shop
-- code: unsupported_sql
SELECT action, count(*) FROM shop GROUP BY action ORDER BY 2 NULLS FIRST
