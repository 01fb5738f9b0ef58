-- dataset: shop
-- code: unsupported_sql
SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY amount DESC) FROM shop
