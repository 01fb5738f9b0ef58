-- dataset: shop
-- code: unsupported_sql
SELECT histogram(qty) FROM shop
