-- dataset: shop
-- code: unsupported_sql
SELECT count(amount ORDER BY qty) FROM shop
